package dev.ssecluster.client;

import dev.ssecluster.test.Browser;
import dev.ssecluster.test.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Many tabs of one site with one stream, while events are sent all the time. */
abstract class TabCases {

    private static final int MOST_TABS = 8; // two more than a browser has connections to one host
    private static final List<String> TYPES = List.of("n");

    private static final String LEADS = "return sources.some(source => source.readyState < 2)";

    private final TestNode node = BrowserClientIT.node();
    private final Browser browser = BrowserClientIT.browser();
    private final Page page = new Page(browser);
    private final List<String> tabs = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private String user;
    private Thread sender;
    private final AtomicLong sent = new AtomicLong();

    @BeforeEach
    void beginSending() {
        String empty = browser.tab();
        user = "tabs-" + empty.substring(0, 8);
        sender = Thread.ofVirtual().start(this::send);
        tabs.add(empty);
    }

    @AfterEach
    void leaveOneEmptyTab() throws InterruptedException {
        endSending();
        tabs.stream().skip(1).forEach(tab -> browser.in(tab).closeTab());
        browser.in(tabs.getFirst()).newTab();
        String empty = browser.tab();
        browser.in(tabs.getFirst()).closeTab();
        browser.in(empty);
    }

    private void send() {
        try {
            while (!end.await(5, TimeUnit.MILLISECONDS)) {
                String body = "{\"user_id\":\"" + user + "\",\"event_type\":\"n\",\"data\":" + (sent.get() + 1) + "}";
                assertThat(node.post("/send", body).statusCode()).isEqualTo(200);
                sent.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endSending() throws InterruptedException {
        end.countDown();
        sender.join();
    }

    private Map<String, Object> options() {
        return Map.of("user", user, "shared", true, "connectTimeout", 5000);
    }

    private void open(int count) {
        for (int i = tabs.size(); i < count; i++) {
            tabs.add(browser.newTab());
        }
        tabs.forEach(this::load);
    }

    private void load(String tab) {
        page.in(tab).open(node.port(), options(), TYPES);
    }

    private String leader() {
        return tabs.stream().filter(tab -> Boolean.TRUE.equals(browser.in(tab).run(LEADS))).findFirst().orElseThrow();
    }

    private List<Long> numbers(String tab) {
        return page.in(tab).numbers();
    }

    /** In each tab everything from its first on, once and in order. */
    private void assertNothingLostOrTwice() throws InterruptedException {
        endSending();
        for (String tab : tabs) {
            await(tab).atMost(20, SECONDS).until(() -> numbers(tab), all -> !all.isEmpty() && all.getLast() == sent.get());
            List<Long> all = numbers(tab);
            assertThat(all).doesNotHaveDuplicates().isSorted();
            assertThat(LongStream.rangeClosed(all.getFirst(), sent.get()).boxed().filter(n -> !all.contains(n))).isEmpty();
            assertThat(page.seen("sse.reset")).as("in this page of the tab").isEmpty();
        }
    }

    private void awaitEventIn(String tab) {
        long now = sent.get();
        await().atMost(20, SECONDS).until(() -> numbers(tab), all -> !all.isEmpty() && all.getLast() > now);
    }

    @Test
    void whenTheLeadingTabClosesThenAnotherOneGoesOn() throws InterruptedException {
        open(MOST_TABS);
        tabs.forEach(this::awaitEventIn);
        assertThat(node.streams()).isEqualTo(1);
        for (int i = 0; i < 2; i++) {
            String leader = leader();
            browser.in(leader).closeTab();
            tabs.remove(leader);
            awaitEventIn(tabs.getLast());
        }
        tabs.add(browser.in(tabs.getFirst()).newTab());
        load(tabs.getLast());
        awaitEventIn(tabs.getLast());
        assertThat(node.streams()).isEqualTo(1);
        assertNothingLostOrTwice();
    }

    @Test
    void whenTabsAreLoadedAgainThenTheyGoOnWhereTheyWere() throws InterruptedException {
        open(3);
        tabs.forEach(this::awaitEventIn);
        String leader = leader();
        load(tabs.stream().filter(tab -> !tab.equals(leader)).findFirst().orElseThrow());
        load(leader);
        tabs.forEach(this::awaitEventIn);
        tabs.forEach(tab -> browser.in(tab).visit(node.port(), "/actuator"));
        tabs.reversed().forEach(this::load);
        assertNothingLostOrTwice();
    }

    /** A type that only one tab wants, which does not lead. */
    @Test
    void whenOneTabWantsATypeThenTheLeaderBringsIt() {
        open(2);
        tabs.forEach(this::awaitEventIn);
        String follower = tabs.stream().filter(tab -> !tab.equals(leader())).findFirst().orElseThrow();
        browser.in(follower).run("window.rare = 0; client.on('rare', () => rare++)");
        await().atMost(5, SECONDS).until(() -> {
            node.post("/send", "{\"user_id\":\"" + user + "\",\"event_type\":\"rare\",\"data\":1}");
            return Long.valueOf(1).equals(browser.in(follower).run("return rare > 0 ? 1 : 0"));
        });
    }

    @Test
    void whenAStreamForTokensIsToBeSharedThenItNeedsItsUser() {
        browser.visit(node.port(), "/api/v1/sse/");
        String error = browser.run("""
                return import('/sse-client.js').then(m => new m.SseClient({ shared: true, token: () => null })).catch(e => e.message)""");
        assertThat(error).contains("needs the user");
    }
}
