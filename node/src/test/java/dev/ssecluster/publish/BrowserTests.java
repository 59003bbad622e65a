package dev.ssecluster.publish;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import dev.ssecluster.publish.Http.Answered;
import dev.ssecluster.test.MemoryStore;
import dev.ssecluster.test.TestTokens;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** What a browser may do for a page: cookies, preflights and the headers that let a page read an answer. */
@SecuredTest
class BrowserTests {

    private static final String OURS = "https://app.example";
    private static final String INBOX = "/messages?user_id=u";
    private static final String ALL_READ = "{\"user_id\":\"u\",\"up_to\":\"1\"}";

    @Autowired
    private MemoryStore store;

    @Autowired
    private MeterRegistry meters;

    private final String token = TestTokens.of("u").signed();
    private int port;
    private Http http;

    @BeforeEach
    void start(@LocalServerPort int port) {
        this.port = port;
        http = new Http(port);
        store.clear();
        store.store(List.of(new Event(1, Target.user("u"), Priority.NORMAL, true, 0, "t", "\"hers\"".getBytes(ISO_8859_1))));
    }

    @AfterEach
    void clear() {
        store.clear();
    }

    @Test
    void whenASessionBeginsThenTheTokenIsInACookieThatScriptsDoNotSeeUntilItEnds() {
        Answered answer = http.post("/session", "", "Authorization", "Bearer " + token, "Origin", OURS);
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("Set-Cookie"))
                .startsWith("sse_token=" + token + "; ")
                .contains("; HttpOnly", "; Secure", "; SameSite=Lax", "Path=/api/v1/sse")
                .containsPattern("Max-Age=3[23]\\d;") // five minutes and the clock skew
                .doesNotContain("Domain");
    }

    @Test
    void whenASessionEndsThenItsCookieIsRemoved() {
        Answered answer = http.exchange("DELETE", "/session", new byte[0], "text/plain", "Cookie", "sse_token=" + token, "Origin", OURS);
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Set-Cookie")).startsWith("sse_token=; ").contains("Max-Age=0;", "Path=/api/v1/sse");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sse_token=nonsense", "sse_token=", "sse_token=a.b.c; sse_token=d.e.f", "=", "a=b"})
    void whenTheTokenNoLongerCountsThenAPageOfOursStillGetsRidOfIt(String cookie) {
        Answered answer = end("Cookie", cookie, "Origin", OURS);
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Set-Cookie")).startsWith("sse_token=; ").contains("Max-Age=0;", "Path=/api/v1/sse");
        mayBeRead(answer);
        assertThat(end("Cookie", cookie, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(204);
        assertThat(end("Cookie", cookie, "Origin", "https://evil.example").status()).isEqualTo(401);
        assertThat(end("Cookie", cookie, "Sec-Fetch-Site", "same-site", "Sec-Fetch-Dest", "image").status()).isEqualTo(401);
        assertThat(end("Cookie", cookie).status()).isEqualTo(401);
        assertThat(http.get(INBOX, "Cookie", cookie, "Origin", OURS).status()).isEqualTo(401);
    }

    private Answered end(String... headers) {
        return http.exchange("DELETE", "/session", new byte[0], "text/plain", headers);
    }

    @Test
    void whenASessionIsToBeginWithoutTheHeaderThenItIsRefused() {
        assertThat(http.post("/session", "").status()).isEqualTo(401);
        assertThat(http.post("/session", "", "Cookie", "sse_token=" + token, "Origin", OURS).problem()).isEqualTo("unauthorized");
        assertThat(http.post("/session", "", "Authorization", "Bearer nonsense").status()).isEqualTo(401);
        assertThat(http.exchange("DELETE", "/session", new byte[0], "text/plain").status()).isEqualTo(401);
    }

    @Test
    void whenATokenIsTooLongForACookieThenASessionSaysSo() {
        String[] header = TestTokens.of("u").with("pad", "x".repeat(4000)).header();
        assertThat(http.post("/session", "", header).problem()).isEqualTo("invalid-request");
    }

    static Stream<Arguments> pages() {
        return Stream.of(
                arguments("a script of ours", 200, new String[] {"Origin", OURS, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "empty"}),
                arguments("a script of ours in an old browser", 200, new String[] {"Origin", OURS}),
                arguments("a script of this origin", 200, new String[] {"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Dest", "empty"}),
                arguments("a script of this site", 200, new String[] {"Sec-Fetch-Site", "same-site", "Sec-Fetch-Dest", "empty"}),
                arguments("no browser", 401, new String[] {}),
                arguments("a foreign script", 401, new String[] {"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}),
                arguments("an origin that begins like ours", 401, new String[] {"Origin", OURS + ".evil.example"}),
                arguments("ours without encryption", 401, new String[] {"Origin", "http://app.example"}),
                arguments("a sandboxed page", 401, new String[] {"Origin", "null"}),
                arguments("a foreign image", 401, new String[] {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "image"}),
                arguments("an image on a page of ours", 401, new String[] {"Sec-Fetch-Site", "same-site", "Sec-Fetch-Dest", "image"}),
                arguments("the address bar", 401, new String[] {"Sec-Fetch-Site", "none", "Sec-Fetch-Dest", "document"}),
                arguments("a link on a page of ours", 401, new String[] {"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Dest", "document"}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pages")
    void whenABrowserSendsTheCookieThenItCountsOnlyForOurScripts(String page, int status, String[] headers) {
        String[] all = Stream.concat(Stream.of("Cookie", "a=b; sse_token=" + token), Stream.of(headers)).toArray(String[]::new);
        if (status == 200) {
            assertThat(http.get(INBOX, all).body()).contains("\"hers\"");
            assertThat(http.post("/messages/read", ALL_READ, all).status()).isEqualTo(200);
            assertThat(unread()).isZero();
        } else {
            assertRefused(() -> http.get(INBOX, all));
            assertRefused(() -> http.post("/messages/read", ALL_READ, all));
        }
    }

    /** It says why and nothing else, is counted once, and what was unread still is. */
    private void assertRefused(Supplier<Answered> call) {
        double before = refused();
        Answered answer = call.get();
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.problem()).isEqualTo("unauthorized");
        assertThat(answer.body()).doesNotContain("hers");
        assertThat(refused()).isEqualTo(before + 1);
        assertThat(unread()).isEqualTo(1);
    }

    private double refused() {
        return meters.get("sse.refused").tag("reason", "unauthorized").counter().count();
    }

    private long unread() {
        return store.unread("u", 0).count();
    }

    @Test
    void whenTwoCookiesHaveTheNameThenNoneCounts() {
        String other = TestTokens.of("attacker").signed();
        assertThat(http.get(INBOX, "Cookie", "sse_token=" + token + "; sse_token=" + other, "Origin", OURS).status()).isEqualTo(401);
    }

    @Test
    void whenThereAreHeaderAndCookieThenTheHeaderWins() {
        String[] header = TestTokens.of("other").header();
        assertThat(http.get(INBOX, header[0], header[1], "Cookie", "sse_token=" + token, "Origin", OURS).status()).isEqualTo(403);
        assertThat(http.get(INBOX + "&access_token=" + TestTokens.of("other").signed(),
                "Cookie", "sse_token=" + token, "Origin", OURS).status()).isEqualTo(200);
    }

    /** As a form on a foreign page would send it. */
    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "application/json"})
    void whenAForeignFormSendsTheCookieThenNothingIsDone(String contentType) {
        assertRefused(() -> http.exchange("POST", "/messages/read", ALL_READ.getBytes(ISO_8859_1), contentType,
                "Cookie", "sse_token=" + token, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"));
    }

    @Test
    void whenAPageOfOursAsksWhatItMayDoThenItIsTold() {
        Answered answer = preflight("/send", OURS);
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(OURS);
        assertThat(answer.header("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(answer.header("Access-Control-Allow-Methods")).contains("POST", "DELETE");
        assertThat(answer.header("Access-Control-Allow-Headers"))
                .isEqualTo("Authorization, Content-Type, Last-Event-ID, Idempotency-Key");
        assertThat(answer.response().headers().allValues("Vary")).containsExactly("Origin");
    }

    @Test
    void whenAForeignPageAsksThenItIsRefused() {
        Answered answer = preflight("/send", "https://evil.example");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.problem()).isEqualTo("forbidden");
        assertThat(answer.response().headers().map()).doesNotContainKey("access-control-allow-origin");
    }

    private Answered preflight(String path, String origin) {
        return http.exchange("OPTIONS", path, new byte[0], "text/plain", "Origin", origin,
                "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /messages?user_id=u, 200", "GET, /messages?user_id=x, 403", "GET, /nothing, 404", "PUT, /messages, 405",
        "GET, /messages, 400", "GET, /messages/a%2Fb, 400", "GET, /test/send-error, 403", "GET, /test/throw, 500"
    })
    void whenAPageOfOursGetsAnAnswerThenItMayReadIt(String method, String path, int status) {
        Answered answer = http.exchange(method, path, new byte[0], "text/plain", "Authorization", "Bearer " + token, "Origin", OURS);
        assertThat(answer.status()).isEqualTo(status);
        mayBeRead(answer);
        mayBeRead(http.exchange(method, path, new byte[0], "text/plain", "Origin", OURS)); // refused
    }

    private static void mayBeRead(Answered answer) {
        assertThat(answer.response().headers().allValues("Access-Control-Allow-Origin")).containsExactly(OURS);
        assertThat(answer.header("Access-Control-Expose-Headers")).isEqualTo("Retry-After, Idempotency-Replayed");
        assertThat(answer.response().headers().allValues("Vary")).containsExactly("Origin");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Content-Security-Policy")).isEmpty();
    }

    @Test
    void whenAnotherPageGetsAnAnswerThenItMayNotReadIt() {
        Answered answer = http.get(INBOX, "Authorization", "Bearer " + token, "Origin", "https://evil.example");
        assertThat(answer.response().headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
        assertThat(answer.header("Vary")).isEqualTo("Origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET /api/v1/sse/messages?user_id=%zz HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\nConnection: close\r\n\r\n",
        "GET /api/v1/sse/a%2Fb HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\nConnection: close\r\n\r\n",
        "TRACE / HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\nConnection: close\r\n\r\n"
    })
    void whenARequestIsMalformedThenAPageOfOursMayReadThat(String request) throws IOException {
        String answer = raw(request);
        assertThat(answer).startsWith("HTTP/1.1 4").containsIgnoringCase("Vary: Origin");
        assertThat(answer).contains("Access-Control-Allow-Origin: https://app.example");
    }

    /** Nothing is there yet; what will be is not to be shown inside other pages. */
    @Test
    void whenPagesAreServedThenTheyAreTiedToThisOrigin() throws IOException {
        String answer = raw("GET /console HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertThat(answer).contains("Content-Security-Policy: default-src 'none'; ", "frame-ancestors 'none'", "X-Frame-Options: DENY");
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}
