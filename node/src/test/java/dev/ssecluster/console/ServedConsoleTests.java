package dev.ssecluster.console;

import dev.ssecluster.publish.Http;
import dev.ssecluster.publish.Http.Answered;
import dev.ssecluster.publish.PublishTest;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/** In mode {@code none} the console is there for everybody. */
@PublishTest
class ServedConsoleTests {

    @LocalServerPort
    private int port;

    private Http http;

    @BeforeEach
    void open() {
        http = new Http(port, "");
    }

    @Test
    void whenTheConsoleIsAskedForThenItIsTiedToThisOrigin() {
        Answered page = http.get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=utf-8");
        assertThat(page.header("Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("frame-ancestors 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "*");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(page.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    }

    /** Neither scripts nor styles in the page, which the policy would not let run; nothing from elsewhere. */
    @Test
    void whenThePageIsReadThenAllItNeedsIsServedHere() {
        String page = http.get("/").body();
        assertThat(page).doesNotContainPattern("<script(?![^>]*src=\"/console/)").doesNotContain("<style", " style=", " onclick", "http:", "https:");
        page.lines().flatMap(line -> Pattern.compile("(?:src|href)=\"(/[^\"]*)\"").matcher(line).results())
                .map(found -> found.group(1))
                .forEach(path -> assertThat(http.get(path).status()).as(path).isEqualTo(200));
    }

    @Test
    void whenItIsAskedForAgainThenOnlyWhetherItHasChanged() {
        Answered first = http.get("/");
        assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
        Answered again = http.get("/", "If-None-Match", "\"other\", W/" + first.header("ETag"));
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(http.get("/", "If-None-Match", "\"other\"").status()).isEqualTo(200);
    }

    @Test
    void whenOnlyTheHeadIsAskedForThenThereIsNoBody() {
        Answered head = http.exchange("HEAD", "/", new byte[0], "text/plain");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Length")).isNotEqualTo("0");
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void whenSomebodyWantsToChangeItThenThatIsNoMethodOfIt(String method) {
        Answered answer = http.exchange(method, "/", new byte[0], "text/plain");
        assertThat(answer.problem()).isEqualTo("method-not-allowed");
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/console", "/console/", "/console/index.html", "/console/../application.yaml", "/index.html", "/console/x.js", "/page/index.html"})
    void whenAnythingElseIsAskedForThenItIsNotThere(String path) {
        Answered answer = http.get(path);
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.header("Content-Security-Policy")).isEmpty();
    }
}
