package dev.ssecluster.client;

import dev.ssecluster.test.Browser;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestTokens;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A page whose user has tokens, which end. */
abstract class TokenCases {

    private static final List<String> TYPES = List.of("n");

    private static TestNode node;

    private final Browser browser = BrowserClientIT.browser();
    private final Page page = new Page(browser);

    @BeforeAll
    static void start() {
        node = TestNode.start(settings());
    }

    private static String[] settings() {
        List<String> settings = new ArrayList<>(List.of(TestTokens.settings()));
        settings.addAll(List.of("sse.stream.retry-min=100ms", "sse.stream.retry-max=200ms", "sse.stream.heartbeat-interval=500ms"));
        return settings.toArray(String[]::new);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void forgetCookies() {
        browser.visit(node.port(), "/api/v1/sse/");
        browser.command("Network.clearBrowserCookies", Map.of());
    }

    private static String token(String user) {
        return TestTokens.of(user).signed();
    }

    private static void send(String user, int n) {
        HttpResponse<String> answer = node.post("/send", "{\"user_id\":\"" + user + "\",\"event_type\":\"n\",\"data\":" + n + "}",
                TestTokens.of("p").scopes("sse.publish").header());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void whenThereIsAHookThenTheStreamIsItsTokensUsers() {
        page.opened(node.port(), Map.of(), TYPES, token("amy"));
        assertThat(page.data("connected").getFirst()).contains("\"user_id\":\"amy\"");
        send("amy", 1);
        page.awaitSeen("n", 1);
        assertThat(page.<Long>run("return asked")).isEqualTo(1L);
    }

    /** Its user is known only by the token, and what the next one has not seen must not be skipped. */
    @Test
    void whenAnotherUserLogsInThenTheFirstOnesCursorDoesNotCount() {
        page.opened(node.port(), Map.of(), TYPES, token("first"));
        page.opened(node.port(), Map.of(), TYPES, token("second"));
        page.awaitState("open");
        assertThat(page.data("connected")).singleElement().asString().contains("\"user_id\":\"second\"", "\"resumed\":false");
        page.opened(node.port(), Map.of(), TYPES, token("second"));
        assertThat(page.data("connected")).singleElement().asString().contains("\"resumed\":true");
    }

    @Test
    void whenTheTokenIsAboutToEndThenANewOneIsFetchedAndNothingIsLost() {
        String ending = TestTokens.of("ida").expiresIn(Duration.ofSeconds(-20)).signed(); // with 10 s of the clock skew left
        page.opened(node.port(), Map.of(), TYPES, ending, token("ida"));
        IntStream.rangeClosed(1, 200).forEach(n -> send("ida", n));
        page.awaitSeen("sse.goaway", "expiring");
        await().until(() -> Long.valueOf(2).equals(page.run("return asked")));
        page.awaitSeen("connected", 2);
        send("ida", 201);
        page.awaitSeen("n", "201");
        assertThat(page.data("n")).isEqualTo(IntStream.rangeClosed(1, 201).mapToObj(String::valueOf).toList());
        assertThat(page.data("sse.goaway")).containsExactly("{\"reason\":\"expiring\"}");
    }

    @Test
    void whenTheTokenHasEndedThenTheHookIsAskedForAnotherAndItComesBack() {
        String ending = TestTokens.of("eve").expiresIn(Duration.ofSeconds(-28)).signed();
        page.opened(node.port(), Map.of(), TYPES, ending, "", "", "", token("eve")); // so many that none comes before the end
        send("eve", 1);
        page.awaitSeen("sse.goaway", "\"expired\"");
        send("eve", 2);
        page.awaitSeen("sse.refused", "nobody is logged in");
        page.awaitSeen("connected", 2);
        page.awaitSeen("n", "2");
        assertThat(page.data("n")).containsExactly("1", "2");
        assertThat(page.data("sse.refused")).allSatisfy(refused -> assertThat(refused).contains("\"final\":false"));
    }

    @Test
    void whenTheCookieIsGoneThenTheHookIsAskedAndItComesBackAtOnce() {
        page.opened(node.port(), Map.of("id", "max:1"), TYPES, token("max"));
        browser.command("Network.clearBrowserCookies", Map.of());
        node.post("/disconnect/max:1", "{}", TestTokens.of("a").scopes("sse.admin").header());
        page.awaitSeen("connected", 2);
        assertThat(page.data("sse.refused")).singleElement().asString().contains("\"status\":401", "\"retryMs\":0");
        assertThat(page.<Long>run("return asked")).isEqualTo(2L);
    }

    @Test
    void whenTheTokenDoesNotCountThenItGoesOnAskingAndComesBackWhenOneDoes() {
        page.opened(node.port(), Map.of(), TYPES, "nonsense", token("zoe"));
        assertThat(page.data("sse.refused")).singleElement().asString()
                .contains("\"status\":401", "urn:sse-cluster:problem:unauthorized", "\"final\":false");
    }

    @Test
    void whenThereIsNoTokenAtAllThenItStopsUntilItIsToldToGoOn() {
        page.open(node.port(), Map.of(), TYPES);
        page.awaitState("closed");
        page.awaitSeen("sse.refused", "\"status\":401");
        page.run("""
                return fetch('/api/v1/sse/session', { method: 'POST', headers: { Authorization: 'Bearer ' + arguments[0] } })
                    .then(() => client.reconnect())""", token("tim"));
        page.awaitSeen("connected", 1);
    }

    @Test
    void whenTheTokenDoesNotAllowTheStreamThenItStops() {
        page.open(node.port(), Map.of("groups", List.of("secret")), TYPES, token("joe"));
        page.awaitState("closed");
        page.awaitSeen("sse.refused", 1);
        assertThat(page.data("sse.refused")).singleElement().asString()
                .contains("\"status\":403", "urn:sse-cluster:problem:forbidden", "\"final\":true");
        await().during(1, SECONDS).atMost(4, SECONDS).until(() -> Long.valueOf(1).equals(page.run("return sources.length")));
    }
}
