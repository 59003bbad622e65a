package dev.ssecluster.client;

import dev.ssecluster.test.Browser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

/** A page of a node's origin that has a client, and remembers what its handlers were given. For the tab that is chosen. */
final class Page {

    /** Answers tokens in turn, and the last one ever after; what is no string is thrown. */
    private static final String OPEN = """
            const [options, types, tokens] = arguments;
            const own = ['connected', 'sse.state', 'sse.reset', 'sse.goaway', 'sse.unread', 'sse.stalled', 'sse.refused'];
            const Original = window.Original ??= EventSource;
            window.sources = [];
            window.EventSource = class extends Original { constructor(...all) { super(...all); sources.push(this); } };
            window.asked = 0;
            if (tokens.length > 0) {
              options.token = async () => {
                const token = tokens[Math.min(asked++, tokens.length - 1)];
                if (token === '') { throw new Error('nobody is logged in'); }
                return token;
              };
            }
            return import('/sse-client.js').then(({ SseClient }) => {
              window.seen = [];
              window.client = new SseClient(options);
              client.on('n', e => { sessionStorage.all = JSON.stringify([...JSON.parse(sessionStorage.all ?? '[]'), e.data]); });
              for (const type of [...types, ...own]) {
                client.on(type, e => seen.push({ type: e.type, id: e.id, data: JSON.stringify(e.data), at: Date.now() }));
              }
            })""";

    private static final String SEEN = "return seen";

    /** They stay in the tab over reloads. */
    private static final String NUMBERS = "return JSON.parse(sessionStorage.all ?? '[]')";

    private final Browser browser;

    Page(Browser browser) {
        this.browser = browser;
    }

    /** @param data as JSON */
    record Seen(String type, String id, String data, long at) {

        private static Seen of(Map<String, Object> event) {
            return new Seen((String) part(event, "type"), (String) part(event, "id"), (String) part(event, "data"), (Long) part(event, "at"));
        }

        private static Object part(Map<String, Object> event, String name) {
            return requireNonNull(event.get(name));
        }
    }

    /** For that tab, from now on. */
    Page in(String tab) {
        browser.in(tab);
        return this;
    }

    /** Loads a page of that server and makes a client there; tokens are answered by its hook, if there are any. */
    Page open(int port, Map<String, Object> options, List<String> types, String... tokens) {
        browser.visit(port, "/api/v1/sse/").run(OPEN, options, types, List.of(tokens));
        return this;
    }

    /** The same, and waits until its stream is open. */
    Page opened(int port, Map<String, Object> options, List<String> types, String... tokens) {
        open(port, options, types, tokens);
        awaitSeen("connected", 1);
        return this;
    }

    /** Everything so far. */
    List<Seen> seen() {
        List<Map<String, Object>> events = requireNonNull(browser.run(SEEN));
        List<Seen> result = new ArrayList<>();
        events.forEach(event -> result.add(Seen.of(event)));
        return result;
    }

    List<Seen> seen(String type) {
        return seen().stream().filter(event -> event.type().equals(type)).toList();
    }

    List<String> data(String type) {
        return seen(type).stream().map(Seen::data).toList();
    }

    /** The data of all events {@code n} that this tab has had, in all pages of this origin. */
    List<Long> numbers() {
        return requireNonNull(browser.run(NUMBERS));
    }

    /** Waits until there are so many of that type. */
    void awaitSeen(String type, int count) {
        await("for " + count + " of " + type).atMost(30, SECONDS).until(() -> seen(type), all -> all.size() >= count);
    }

    /** Waits for one of that type whose data has that in it. */
    void awaitSeen(String type, String part) {
        Predicate<String> hasPart = data -> data.contains(part);
        await("for " + type + " with " + part).atMost(30, SECONDS).until(() -> data(type), all -> all.stream().anyMatch(hasPart));
    }

    void awaitState(String state) {
        await("for " + state).atMost(30, SECONDS).until(() -> state.equals(browser.run("return client.state")));
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // the caller knows its script
    <T> @Nullable T run(String script, Object... arguments) {
        return browser.run(script, arguments);
    }
}
