package dev.ssecluster.connect;

import dev.ssecluster.test.Browser;
import dev.ssecluster.test.TestNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What Chromium's own EventSource makes of being disconnected through another node. */
class BrowserReturnIT {

    private static final String OPEN = """
            window.seen = [];
            window.stream = new EventSource('/api/v1/sse/stream?id=' + arguments[0]);
            for (const type of ['connected', 'sse.goaway']) {
              stream.addEventListener(type, e => seen.push({type, at: Date.now(), data: JSON.parse(e.data)}));
            }""";
    private static final String TIMES = "return seen.filter(e => e.type === arguments[0]).map(e => e.at)";
    private static final String REASONS = "return seen.filter(e => e.type === 'sse.goaway').map(e => e.data.reason)";
    private static final String STATE = "return stream.readyState";
    private static final long CLOSED = 2;

    private static final TestNode[] nodes = new TestNode[2];
    private static Browser browser;

    @BeforeAll
    static void start() {
        browser = Browser.start();
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = TestNode.start("sse.stream.retry-min=100ms", "sse.stream.retry-max=200ms");
        }
    }

    @AfterAll
    static void stop() {
        browser.close();
        for (TestNode node : nodes) {
            node.close();
        }
    }

    private static void open(String client) {
        browser.visit(nodes[0].port(), "/api/v1/sse/").run(OPEN, client);
        awaitConnected(1);
    }

    private static void awaitConnected(int times) {
        await().atMost(20, SECONDS).until(() -> times("connected").size() == times);
    }

    private static List<Long> times(String type) {
        List<Long> times = browser.run(TIMES, type);
        return times == null ? List.of() : times;
    }

    private static void disconnect(String client, String body) {
        HttpResponse<String> answer = nodes[1].post("/disconnect/" + client, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"closed\":1");
    }

    @Test
    void whenItIsBlockedForATimeThenItComesBackByItselfAfterThat() {
        open("browser-blocked");
        disconnect("browser-blocked", "{\"block_seconds\":2}");
        awaitConnected(2);
        List<Long> connected = times("connected");
        assertThat(Duration.ofMillis(connected.getLast() - times("sse.goaway").getFirst())).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(browser.<List<String>>run(REASONS)).containsExactly("disconnected");
    }

    @Test
    void whenThatWasFinalThenItStaysAway() {
        open("browser-final");
        disconnect("browser-final", "{\"final\":true}");
        await().atMost(10, SECONDS).until(() -> Long.valueOf(CLOSED).equals(browser.run(STATE)));
        assertThat(times("connected")).hasSize(1);
    }
}
