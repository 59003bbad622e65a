package dev.ssecluster.console;

import dev.ssecluster.publish.Http;
import dev.ssecluster.publish.Http.Answered;
import dev.ssecluster.publish.SecuredTest;
import dev.ssecluster.test.TestTokens;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/** In mode {@code jwt} there is no console unless somebody wants one; the browser client is there for the pages that may use it. */
@SecuredTest
class HiddenConsoleTests {

    @LocalServerPort
    private int port;

    @Test
    void whenTheConsoleIsOffThenItsPathsAreLikeAllOthers() {
        Http http = new Http(port, "");
        assertThat(http.get("/").problem()).isEqualTo("unauthorized");
        assertThat(http.get("/console/app.js").problem()).isEqualTo("unauthorized");
        assertThat(http.get("/", TestTokens.of("a").scopes("sse.admin").header()).problem()).isEqualTo("not-found");
    }

    @Test
    void whenAPageOfOursImportsTheClientThenItNeedsNoToken() {
        Answered client = new Http(port, "").get("/sse-client.js", "Origin", "https://app.example");
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.header("Content-Type")).startsWith("text/javascript").endsWithIgnoringCase("charset=utf-8");
        assertThat(client.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
        assertThat(client.header("Cross-Origin-Resource-Policy")).isEmpty();
        assertThat(client.body()).contains("export class SseClient");
    }
}
