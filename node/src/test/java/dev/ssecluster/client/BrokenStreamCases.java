package dev.ssecluster.client;

import dev.ssecluster.client.FaultyProxy.Fault;
import dev.ssecluster.test.TestNode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A page whose stream breaks in ways from which a browser's EventSource does not recover. */
abstract class BrokenStreamCases {

    private final TestNode node = BrowserClientIT.node();
    private final Page page = new Page(BrowserClientIT.browser());
    private FaultyProxy proxy;
    private String user;
    private int sent;

    @BeforeEach
    void open() {
        proxy = FaultyProxy.to(node.port());
        user = "recovering-" + proxy.port();
        page.opened(proxy.port(), Map.of("user", user, "connectTimeout", 1000), List.of("n"));
        send();
        page.awaitSeen("n", 1);
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    private void send() {
        sent++;
        node.post("/send", "{\"user_id\":\"" + user + "\",\"event_type\":\"n\",\"data\":" + sent + "}");
    }

    /** Each event that was sent, once, in order. */
    private void awaitAll() {
        send();
        page.awaitSeen("n", String.valueOf(sent));
        assertThat(page.data("n")).isEqualTo(IntStream.rangeClosed(1, sent).mapToObj(String::valueOf).toList());
    }

    @Test
    void whenAProxyAnswersWithAPageOfItsOwnThenItComesBackWithoutLoss() {
        proxy.set(Fault.BAD_GATEWAY);
        proxy.cut();
        page.awaitSeen("sse.refused", 2);
        send();
        assertThat(page.data("sse.refused")).first().asString()
                .contains("\"status\":502", "\"type\":null", "\"final\":false").doesNotContain("\"retryMs\":null");
        page.awaitState("waiting");
        proxy.set(Fault.NONE);
        page.awaitSeen("connected", 2);
        assertThat(page.data("connected").getLast()).contains("\"resumed\":true");
        awaitAll();
    }

    @Test
    void whenTheBrowsersOwnEventSourceComesBackThenItIsLeftToThat() {
        proxy.cut();
        page.awaitSeen("connected", 2);
        awaitAll();
        assertThat(page.<Long>run("return sources.length")).isEqualTo(1L);
    }

    /** The connection stays open, so the browser notices nothing. */
    @Test
    void whenHeartbeatsStayAwayThenItComesBackWithoutLoss() {
        proxy.set(Fault.SILENCE);
        send();
        page.awaitSeen("sse.stalled", "\"reason\":\"silent\"");
        proxy.set(Fault.NONE);
        page.awaitSeen("connected", 2);
        awaitAll();
    }

    @Test
    void whenAProxyKeepsTheBodyThenTheApplicationIsToldAndItGoesOnTrying() {
        proxy.set(Fault.KEPT_BODY);
        proxy.cut();
        page.awaitSeen("sse.stalled", 2);
        assertThat(page.data("sse.stalled")).contains("{\"reason\":\"not-connected\",\"answered\":true,\"attempt\":2}");
        send();
        proxy.set(Fault.NONE);
        page.awaitSeen("connected", 2);
        awaitAll();
    }

    /** Neither an answer nor an error: the browser would wait for good. */
    @Test
    void whenNothingAnswersThenTheApplicationIsToldAndItGoesOnTrying() {
        page.run("client.close()");
        proxy.set(Fault.SILENCE);
        send();
        page.open(proxy.port(), Map.of("user", user, "connectTimeout", 1000), List.of("n"));
        page.awaitSeen("sse.stalled", "{\"reason\":\"not-connected\",\"answered\":false,\"attempt\":1}");
        proxy.set(Fault.NONE);
        page.awaitSeen("n", "2");
        assertThat(page.data("n")).containsExactly("2");
    }

    @Test
    void whenTheRequestIsWrongThenItStopsAndSaysWhy() {
        page.open(proxy.port(), Map.of("user", "x".repeat(65)), List.of());
        page.awaitState("closed");
        page.awaitSeen("sse.refused", 1);
        assertThat(page.data("sse.refused")).singleElement().asString()
                .contains("\"status\":400", "urn:sse-cluster:problem:invalid-request", "\"final\":true");
    }

    @Test
    void whenStreamsAreQuietForLongThenThatIsNotTakenForSilence() {
        await().atMost(10, SECONDS).until(() -> Boolean.TRUE.equals(page.run("return Date.now() - seen[0].at > 3200")));
        assertThat(page.seen("sse.stalled")).isEmpty();
        assertThat(page.seen("connected")).hasSize(1);
    }
}
