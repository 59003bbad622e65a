package dev.ssecluster.console;

import dev.ssecluster.publish.Http;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestTokens;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** In mode {@code jwt}, where somebody wants the console: its files need no token, but all that it does. */
class ConsoleTokenIT {

    private static TestNode node;
    private static ConsolePage page;

    @BeforeAll
    static void start() {
        page = new ConsolePage();
        node = TestNode.start(Stream.concat(Stream.of(TestTokens.settings()), Stream.of("sse.console.enabled=true")).toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        page.close();
        node.close();
    }

    /** Signs in anew: tokens stay in their tab. */
    private static void use(TestTokens token) {
        page.open(node.port(), "live").string("sessionStorage.clear()");
        page.reload().awaitShown("#token-dialog");
        page.string("document.querySelector('#token-form textarea').value = arguments[0]", token.signed());
        page.click("#token-form .primary");
    }

    @Test
    void whenTheConsoleIsOnThenOnlyItsFilesNeedNoToken() {
        Http http = new Http(node.port(), "");
        assertThat(http.get("/").status()).isEqualTo(200);
        assertThat(http.get("/console/app.js").status()).isEqualTo(200);
        assertThat(http.get("/", "Authorization", "Bearer nonsense").status()).isEqualTo(200);
        for (String path : List.of("/console", "/console/other.js", "/index.html", "/console/../v3/api-docs", "/v3/api-docs", "/api/v1/sse/info")) {
            assertThat(http.get(path).status()).as(path).isIn(400, 401);
        }
        assertThat(http.exchange("POST", "/", new byte[0], "text/plain").status()).isEqualTo(405);
    }

    @Test
    void whenThereIsATokenThenItDoesWhatTheTokenMay() {
        use(TestTokens.of("anna").scopes("sse.admin"));
        page.awaitText("#token-button", "anna").stream("ben", "news");
        page.type("#send-form [name=receiver]", "ben").click("#send-form .primary").awaitText("#log .event .type", "notification");
        assertThat(page.text("#curl")).contains("Authorization: Bearer $TOKEN").doesNotContain("eyJ");
        page.go("scenarios").click("[data-scenario=progress] button").awaitShown("#speed");
        page.speed(10).awaitText(".steps", "The end."); // through the browser's own EventSource, and so with the cookie
        awaitNoCookie();
        assertThat(page.faults()).isEmpty();
    }

    @Test
    void whenATokenIsNotEnoughThenThePageSaysWhatIsMissing() {
        use(TestTokens.of("carl"));
        page.click("#send-form .primary").awaitText("#send-answer .bad", "scope");
        page.go("cluster").awaitText("#cluster-answer .bad", "scope");
        page.go("live").stream("", "").awaitText("#streams .state", "open");
        page.type("#open-form [name=user_id]", "somebody else").click("#open-form .primary").awaitShown("#streams [data-state=closed]");
        assertThat(page.faults()).isEmpty();
    }

    /** What a cookie of this browser may: nothing. */
    private static void awaitNoCookie() {
        await().atMost(30, SECONDS).untilAsserted(() -> assertThat(statusWithCookies()).isEqualTo("401"));
    }

    private static String statusWithCookies() {
        return page.string("return fetch('/api/v1/sse/messages/unread?user_id=dora').then(answer => answer.status)");
    }

    @Test
    void whenATokenIsForgottenThenItIsGone() {
        use(TestTokens.of("dora").scopes("sse.admin"));
        page.awaitText("#token-button", "dora").stream("dora", "").go("inbox").type("#inbox-form [name=user_id]", "dora");
        page.click("#inbox-form .primary").awaitText("#inbox-unread", "for dora");
        page.go("scenarios").click("[data-scenario=operations] button").awaitText(".steps", "The dashboard opens a stream");
        assertThat(statusWithCookies()).isEqualTo("200");
        page.click("#token-button");
        assertThat(page.text("#token-hint")).contains("dora", "may sse.admin");
        page.click("#token-forget").awaitText("#token-button", "No token").awaitShown("#stage[data-state=over]");
        awaitNoCookie();
        assertThat(page.isShown("#inbox-unread")).isFalse();
        page.go("live").awaitText("#streams [data-state=closed]", "forgotten");
        assertThat(page.string("return sessionStorage.length + localStorage.length")).isEqualTo("0");
        page.click("#send-form .primary").awaitText("#send-answer .bad", "token");
        assertThat(page.isShown("#token-dialog")).isFalse();
        page.click("#token-button").awaitShown("#token-dialog");
    }

    @Test
    void whenTheQuestionForATokenIsEscapedThenItIsNotAskedAgain() {
        page.open(node.port(), "live").string("sessionStorage.clear()");
        page.reload().awaitShown("#token-dialog").press(Keys.ESCAPE);
        await().atMost(30, SECONDS).until(() -> !page.isShown("#token-dialog"));
        page.click("#send-form .primary").awaitText("#send-answer .bad", "token");
        page.go("scenarios").click("[data-scenario=ranking] button").awaitShown(".scene .bad").awaitShown("#stage[data-state=over]");
        assertThat(page.isShown("#token-dialog")).isFalse();
    }

    @Test
    void whenTheTokenOfAScenarioIsNotAcceptedThenItEndsAndAsksForAnother() {
        page.open(node.port(), "live").string("sessionStorage.setItem('sse-console.token', 'nonsense')");
        page.reload().awaitShown("#token-dialog").click("#token-later");
        page.go("scenarios").click("[data-scenario=ranking] button").awaitShown(".scene .bad").awaitShown("#stage[data-state=over]");
        assertThat(page.faults()).isEmpty();
    }
}
