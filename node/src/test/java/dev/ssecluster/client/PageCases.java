package dev.ssecluster.client;

import dev.ssecluster.test.Browser;
import dev.ssecluster.test.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a page sees of its stream, and what it remembers of it. */
abstract class PageCases {

    private static final List<String> TYPES = List.of("order", "alarm");

    private final TestNode node = BrowserClientIT.node();
    private final Browser browser = BrowserClientIT.browser();
    private final Page page = new Page(browser);

    private void send(String user, String type, String data, String more) {
        HttpResponse<String> answer = node.post("/send",
                "{\"user_id\":\"" + user + "\",\"event_type\":\"" + type + "\",\"data\":" + data + more + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void send(String user, String type, String data) {
        send(user, type, data, "");
    }

    private void leave() {
        browser.visit(node.port(), "/actuator");
    }

    @Test
    void whenEventsComeThenTheHandlersOfTheirTypesGetThem() {
        page.opened(node.port(), Map.of("user", "typed"), TYPES);
        page.run("""
                window.others = [];
                client.on('order', () => { throw new Error('a handler that fails'); });
                const off = client.on('order', e => others.push(e.data.n));
                client.on('order', e => e.data.n === 1 && off());
                client.on('late', e => others.push(e.type));""");
        send("typed", "order", "{\"n\":1}");
        send("typed", "unheard", "1");
        send("typed", "alarm", "\"öäü 😀\"");
        send("typed", "order", "{\"n\":2}");
        send("typed", "late", "null");
        page.awaitSeen("order", 2);
        assertThat(page.data("order")).containsExactly("{\"n\":1}", "{\"n\":2}");
        assertThat(page.data("alarm")).containsExactly("\"öäü 😀\"");
        assertThat(page.seen("order")).allSatisfy(event -> assertThat(event.id()).matches("\\d+"));
        assertThat(page.data("sse.state")).containsExactly("{\"state\":\"open\",\"previous\":\"connecting\"}");
        assertThat(page.data("connected")).singleElement().asString().contains("\"user_id\":\"typed\"", "\"heartbeat_ms\":800");
        await().until(() -> List.of(1L, "late").equals(page.run("return others")));
    }

    @Test
    void whenAnEnvelopeIsAskedForThenItIsBesideTheData() {
        page.opened(node.port(), Map.of("user", "enveloped", "envelope", true, "groups", List.of("a&b", "c d")), TYPES);
        page.run("client.on('order', e => { window.envelope = e.envelope; window.sameId = e.envelope.event_id === e.eventId })");
        assertThat(page.data("connected").getFirst()).contains("[\"a&b\",\"c d\"]");
        send("enveloped", "order", "[7]", ",\"priority\":1");
        page.awaitSeen("order", "[7]");
        assertThat(page.<Map<String, Object>>run("return envelope"))
                .containsEntry("priority", 1L).containsEntry("receiver_type", "user").containsKey("created_at").doesNotContainKey("data");
        assertThat(page.<Boolean>run("return sameId")).isTrue();
    }

    @Test
    void whenTheUnreadCountIsAskedForThenItComes() {
        page.opened(node.port(), Map.of("user", "reader", "unread", true), TYPES);
        page.awaitSeen("sse.unread", "{\"unread\":0}");
        send("reader", "order", "1", ",\"persist\":true");
        page.awaitSeen("sse.unread", "{\"unread\":1}");
    }

    @Test
    void whenThePageIsLoadedAgainThenItsUserMissesNothingAndGetsNothingTwice() {
        page.opened(node.port(), Map.of("user", "reloaded"), TYPES);
        send("reloaded", "order", "1");
        send("reloaded", "alarm", "2");
        page.awaitSeen("alarm", 1);
        leave();
        send("reloaded", "order", "3");
        page.opened(node.port(), Map.of("user", "someone-else"), TYPES);
        assertThat(page.data("connected").getFirst()).contains("\"resumed\":false");
        send("reloaded", "order", "4");
        leave();
        page.opened(node.port(), Map.of("user", "reloaded"), TYPES);
        page.awaitSeen("order", "4");
        assertThat(page.data("connected").getFirst()).contains("\"resumed\":true");
        assertThat(page.data("order")).containsExactly("3", "4");
        assertThat(page.seen("alarm")).isEmpty();
    }

    /** So a crash in between brings the event once more, and never loses it. */
    @Test
    void whenAHandlerRunsThenTheCursorIsNotYetBehindItsEvent() {
        page.opened(node.port(), Map.of("user", "careful"), TYPES);
        page.run("""
                window.kept = () => JSON.parse(Object.entries(sessionStorage).find(([key]) => key.includes('careful'))[1]).cursor;
                client.on('order', e => { window.during = kept() === e.id; setTimeout(() => { window.after = kept() >= e.id }) });""");
        send("careful", "order", "1");
        page.awaitSeen("order", 1);
        await().until(() -> Boolean.TRUE.equals(page.run("return window.after")));
        assertThat(page.<Boolean>run("return during")).isFalse();
    }

    @Test
    void whenACursorIsNotKeptOrForgottenThenThePageBeginsAnew() {
        page.opened(node.port(), Map.of("user", "forgetful", "cursor", "none"), TYPES);
        page.opened(node.port(), Map.of("user", "forgetful"), TYPES);
        assertThat(page.data("connected").getFirst()).contains("\"resumed\":false");
        page.run("client.close({ forget: true })");
        assertThat(page.data("sse.state").getLast()).contains("\"closed\"");
        page.opened(node.port(), Map.of("user", "forgetful"), TYPES);
        assertThat(page.data("connected").getFirst()).contains("\"resumed\":false");
    }

    /** Otherwise the faster one would move the cursor past what the slower one has not had. */
    @Test
    void whenAPageHasTwoClientsForTheSameThenEachHasACursorOfItsOwn() {
        page.opened(node.port(), Map.of("user", "twofold"), TYPES);
        page.run("return import('/sse-client.js').then(m => { window.second = new m.SseClient({ user: 'twofold' }) })");
        await().until(() -> Long.valueOf(2)
                .equals(page.run("return Object.keys(sessionStorage).filter(key => key.includes('twofold')).length")));
        page.run("second.close()");
    }

    @Test
    void whenThereMayBeAGapThenTheApplicationIsTold() {
        page.opened(node.port(), Map.of("user", "lost"), TYPES);
        page.run("""
                client.close();
                const key = Object.keys(sessionStorage).find(key => key.includes('lost'));
                sessionStorage.setItem(key, JSON.stringify({ cursor: '9999999999999999', user: 'lost' }))""");
        page.opened(node.port(), Map.of("user", "lost"), TYPES);
        assertThat(page.data("sse.reset")).containsExactly("{\"reason\":\"unknown-id\"}");
        assertThat(page.seen().stream().map(Page.Seen::type)).containsSubsequence("sse.reset", "connected");
    }

    @Test
    void whenItIsSentAwayThenItIsToldWhyAndComesBack() {
        page.opened(node.port(), Map.of("user", "gone", "id", "gone:1"), TYPES);
        send("gone", "order", "1");
        page.awaitSeen("order", 1);
        node.post("/disconnect/gone:1", "{}");
        page.awaitSeen("connected", 2);
        send("gone", "order", "2");
        page.awaitSeen("order", "2");
        assertThat(page.data("sse.goaway")).singleElement().asString().contains("\"reason\":\"disconnected\"", "\"retry_ms\":");
        assertThat(page.data("order")).containsExactly("1", "2");
        assertThat(page.data("sse.state")).containsExactly("{\"state\":\"open\",\"previous\":\"connecting\"}",
                "{\"state\":\"waiting\",\"previous\":\"open\"}", "{\"state\":\"open\",\"previous\":\"waiting\"}");
    }

    @Test
    void whenThatWasFinalThenItStopsAndTheApplicationIsTold() {
        page.opened(node.port(), Map.of("user", "final", "id", "final:1"), TYPES);
        node.post("/disconnect/final:1", "{\"final\":true}");
        page.awaitState("closed");
        page.awaitSeen("sse.refused", "\"status\":204");
        assertThat(page.data("sse.refused")).singleElement().asString().contains("\"final\":true", "\"retryMs\":null");
    }

    /** As they stand in the docs, each as a module of this origin. */
    @Test
    void whenTheExamplesOfTheDocsRunThenTheyOpenTheirStreams() throws IOException {
        String text = Files.readString(Path.of("..", "docs", "browser-client.md"));
        List<String> examples = Pattern.compile("```js\n(.*?)```", Pattern.DOTALL).matcher(text).results().map(found -> found.group(1)).toList();
        assertThat(examples).hasSizeGreaterThanOrEqualTo(4);
        for (String example : examples) {
            page.opened(node.port(), Map.of("user", "docs"), TYPES);
            int before = node.streams();
            page.run("""
                    const code = arguments[0].replaceAll("'/sse-client.js'", `'${location.origin}/sse-client.js'`)
                        .replace("await fetch('/login/token', { method: 'POST' })", "new Response('token')");
                    return import(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))""", example);
            await(example).atMost(10, SECONDS).until(() -> node.streams() == before + 1);
        }
    }
}
