package dev.ssecluster.connect;

import dev.ssecluster.loadtest.SseParser;
import dev.ssecluster.local.LocalServer;
import dev.ssecluster.publish.Http;
import dev.ssecluster.publish.Http.Answered;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Whose stream a token opens, and for how long. */
@Timeout(60) // a stream where there should be a refusal would be read for ever
class SecuredStreamsIT {

    private static final String OURS = "https://app.example";
    private static final String[] SERVER = TestTokens.of("server").scopes("sse.act").header();

    private static TestNode node;
    private static Http http;

    @BeforeAll
    static void start() {
        String[] settings = Arrays.copyOf(TestTokens.settings(), TestTokens.settings().length + 1);
        settings[settings.length - 1] = "sse.security.allowed-origins=" + OURS;
        node = TestNode.start(settings);
        http = new Http(node.port());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void whenAUserOpensAStreamThenItIsTheirsAndGetsWhatIsSentToThem() {
        try (SseClient stream = node.stream("/stream", TestTokens.of("ann").line(), "Origin: " + OURS)) {
            assertThat(stream.head()).startsWith("HTTP/1.1 200").contains("Access-Control-Allow-Origin: " + OURS, "Vary: Origin");
            assertThat(stream.received().getFirst().data()).contains("\"user_id\":\"ann\"", "\"groups\":[\"default\"]");
            HttpResponse<String> sent = node.post("/send", "{\"user_id\":\"ann\",\"event_type\":\"t\",\"data\":\"hello\"}",
                    TestTokens.of("p").scopes("sse.publish").header());
            assertThat(sent.statusCode()).isEqualTo(200);
            await().atMost(5, SECONDS).until(() -> stream.data().contains("\"hello\""));
        }
    }

    /** There the exchange stays, under the filters' wrappers. */
    @Test
    void whenAStreamComesOverHttp2ThenItIsTheSame() throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + node.port() + "/api/v1/sse/stream");
        HttpRequest request = HttpRequest.newBuilder(uri).headers(TestTokens.of("h2").header()).build();
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
                InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            BufferedReader lines = new BufferedReader(new InputStreamReader(body, UTF_8));
            assertThat(lines.lines().anyMatch(line -> line.contains("\"user_id\":\"h2\""))).isTrue();
            node.post("/send", "{\"user_id\":\"h2\",\"event_type\":\"t\",\"data\":\"hello\"}",
                    TestTokens.of("p").scopes("sse.publish").header());
            assertThat(lines.lines().anyMatch(line -> line.equals("data: \"hello\""))).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "/stream?user_id=ann, -, 200",
        "/stream?user_id=bob, -, 403",
        "/stream?user_id=bob, sse.publish, 403",
        "/stream?user_id=bob, sse.act, 200",
        "/stream?user_id=bob, sse.admin, 200",
        "/stream?id=ann, -, 200",
        "/stream?id=ann:tab1, -, 200",
        "/stream/ann, -, 200",
        "/stream/orders/ann:phone, -, 200",
        "/stream?id=bob, -, 403",
        "/stream?id=annie, -, 403",
        "/stream?id=ann2:x, -, 403",
        "/stream?id=bob:x, -, 403",
        "/stream?id=bob, sse.act, 200",
        "/stream?group=orders, -, 200",
        "/stream?group=team-1, -, 200",
        "/stream?group=default, -, 200",
        "/stream?group=team, -, 403",
        "/stream?group=orders2, -, 403",
        "/stream?group=orders&group=secret, -, 403",
        "'/stream?group=orders,secret', -, 403",
        "/stream/secret/ann, -, 403",
        "/stream?group=presence:bob, -, 403",
        "/stream?group=secret, sse.act, 200"
    })
    void whenAStreamIsAskedForThenTheTokenMustAllowAllOfIt(String path, String scope, int status) throws IOException {
        TestTokens token = TestTokens.of("ann").groups("orders", "team-*").scopes(scope == null ? "" : scope);
        if (status == 200) {
            assertThat(status(path, token.line())).isEqualTo(200);
        } else {
            assertRefused(status, "forbidden", () -> http.get(path, token.header()));
        }
    }

    /** It says why, is counted once, and no stream was opened by it. */
    private static void assertRefused(int status, String reason, Supplier<Answered> call) {
        // Earlier ones have to end, so that the counter stands still.
        await().atMost(5, SECONDS).pollInterval(Duration.ofMillis(5)).until(() -> node.streams() == 0);
        double opened = node.counter("sse.streams.opened");
        double refused = node.counter("sse.refused", "reason", reason);
        Answered answer = call.get();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.problem()).isEqualTo(reason);
        assertThat(node.counter("sse.refused", "reason", reason)).isEqualTo(refused + 1);
        assertThat(node.counter("sse.streams.opened")).isEqualTo(opened);
        assertThat(node.streams()).isZero();
    }

    /** Otherwise anybody could open another user's stream by that user's name as client id. */
    @Test
    void whenATokenHasNoUserThenItsStreamIsAnonymous() throws IOException {
        try (SseClient stream = node.stream("/stream", TestTokens.of(null).line())) {
            assertThat(stream.received().getFirst().data()).contains("\"user_id\":null");
        }
        assertThat(status("/stream/ann", TestTokens.of(null).line())).isEqualTo(403);
        try (SseClient stream = node.stream("/stream/bob", TestTokens.of("server").scopes("sse.act").line())) {
            assertThat(stream.received().getFirst().data()).contains("\"user_id\":\"server\"", "\"client_id\":\"bob\"");
        }
    }

    @Test
    void whenAUserSubscribesThenTheTokenMustGrantTheGroup() {
        String[] token = TestTokens.of("sam").groups("orders", "team-*").header();
        assertThat(subscribe("sam", "orders", token).status()).isEqualTo(200);
        assertThat(subscribe("sam", "team-7", token).status()).isEqualTo(200);
        assertNotSubscribed(403, "forbidden", "sam", "secret", token);
        assertNotSubscribed(403, "forbidden", "tom", "orders", token);
        assertThat(subscribe("sam", "secret", SERVER).status()).isEqualTo(200);
        assertThat(http.get("/subscriptions?user_id=sam", token).body()).contains("orders", "team-7", "secret");
        assertThat(subscriptions("tom")).isEqualTo("{\"data\":[]}");
    }

    @Test
    void whenAForeignPageSubscribesWithTheCookieThenNothingIsDone() {
        String cookie = "sse_token=" + TestTokens.of("kim").groups("orders").signed();
        assertNotSubscribed(401, "unauthorized", "kim", "orders",
                "Cookie", cookie, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site");
        assertThat(subscribe("kim", "orders", "Cookie", cookie, "Origin", OURS).status()).isEqualTo(200);
    }

    private static void assertNotSubscribed(int status, String reason, String user, String group, String... headers) {
        String before = subscriptions(user);
        assertRefused(status, reason, () -> subscribe(user, group, headers));
        assertThat(subscriptions(user)).isEqualTo(before);
    }

    private static String subscriptions(String user) {
        return http.get("/subscriptions?user_id=" + user, SERVER).body();
    }

    private static Answered subscribe(String user, String group, String... headers) {
        return http.post("/subscribe", "{\"user_id\":\"" + user + "\",\"group\":\"" + group + "\"}", headers);
    }

    @Test
    void whenABrowserHasASessionThenItsScriptsOpenStreamsAndImagesDoNot() throws IOException {
        String cookie = "sse_token=" + TestTokens.of("ann").signed();
        String line = "Cookie: " + cookie;
        assertThat(status("/stream", line, "Sec-Fetch-Site: same-site", "Sec-Fetch-Dest: empty")).isEqualTo(200);
        assertThat(status("/stream", line, "Origin: " + OURS)).isEqualTo(200);
        assertNotOpened("Cookie", cookie, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "image");
        assertNotOpened("Cookie", cookie, "Sec-Fetch-Site", "same-site", "Sec-Fetch-Dest", "image");
        assertNotOpened("Cookie", cookie, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site");
        assertNotOpened("A", "b");
    }

    private static void assertNotOpened(String... headers) {
        assertRefused(401, "unauthorized", () -> http.get("/stream", headers));
    }

    @Test
    void whenTokensInTheQueryAreNotAllowedThenTheyDoNotCount() throws IOException {
        assertThat(status("/stream?access_token=" + TestTokens.of("ann").signed())).isEqualTo(401);
    }

    private static int status(String path, String... headers) throws IOException {
        try (SseClient stream = SseClient.openWithoutReading(node.port(), path, headers)) {
            return Integer.parseInt(stream.head().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        }
    }

    @Test
    void whenATokenEndsThenItsStreamIsToldBeforeAndEndsWithIt() throws IOException {
        String line = TestTokens.of("ann").expiresIn(Duration.ofSeconds(-28)).line(); // two seconds of the clock skew are left
        try (SseClient stream = node.stream("/stream", line)) {
            assertThat(stream.isConnected()).isTrue();
            await().atMost(10, SECONDS).until(stream::isEnded);
            assertThat(stream.received().stream().filter(event -> event.type().equals("sse.goaway")).map(SseParser.Received::data))
                    .hasSize(2)
                    .first().asString().isEqualTo("{\"reason\":\"expiring\"}");
            assertThat(stream.received().getLast().data()).contains("\"reason\":\"expired\"", "\"retry_ms\":");
        }
        assertThat(status("/stream", line)).as("it does not count any more, though it was verified a moment ago").isEqualTo(401);
    }

    /** No EventSource would come back after a 401 or 503. */
    @Test
    void whenTokensCannotBeVerifiedNowThenStreamsComeBackLater() throws IOException {
        try (TestNode undecided = TestNode.start("sse.security.mode=jwt", "sse.security.jwt.issuer=" + TestTokens.ISSUER,
                "sse.security.jwt.audiences=" + TestTokens.AUDIENCE,
                "sse.security.jwt.jwk-set-uri=http://127.0.0.1:" + LocalServer.freePort() + "/keys")) {
            String line = TestTokens.of("ann").line();
            try (SseClient stream = undecided.stream("/stream", line)) {
                await().atMost(5, SECONDS).until(stream::isEnded);
                assertThat(stream.head()).startsWith("HTTP/1.1 200").contains("text/event-stream");
                assertThat(stream.received().getLast().data()).contains("\"reason\":\"unavailable\"", "\"retry_ms\":");
            }
            try (SseClient stream = SseClient.openWithoutReading(undecided.port(), "/stream", line, "X-SSE-Failover: 1")) {
                assertThat(stream.head()).startsWith("HTTP/1.1 503").contains("Retry-After: ");
            }
            HttpResponse<String> send = undecided.post("/broadcast", "{\"event_type\":\"t\",\"data\":1}", TestTokens.of("p").header());
            assertThat(send.statusCode()).isEqualTo(503);
            assertThat(send.body()).contains(":unavailable");
        }
    }
}
