package dev.ssecluster.publish;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.ssecluster.publish.Http.Answered;
import dev.ssecluster.test.TestTokens;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** Which tokens count. */
@SecuredTest
class TokenTests {

    private static final String BODY = "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1}";

    @Autowired
    private RecordingBackplane backplane;

    @Autowired
    private MeterRegistry meters;

    private Http http;

    @BeforeEach
    void start(@LocalServerPort int port) {
        http = new Http(port);
        backplane.reset();
    }

    private static TestTokens publisher() {
        return TestTokens.of("p").scopes("sse.publish");
    }

    static Stream<Arguments> bad() {
        OctetSequenceKey publicKeyAsSecret = new OctetSequenceKey.Builder(TestTokens.publicKey().getBytes(US_ASCII)).build();
        String good = publisher().signed();
        return Stream.of(
                arguments("no token at all", ""),
                arguments("nonsense", "nonsense"),
                arguments("dots", "a.b.c"),
                arguments("expired", publisher().expiresIn(Duration.ofSeconds(-40)).signed()),
                arguments("without an end", publisher().with("exp", null).signed()),
                arguments("an end that is no number", publisher().with("exp", "soon").signed()),
                arguments("not valid yet", publisher().with("nbf", Date.from(Instant.now().plusSeconds(90))).signed()),
                arguments("another key", publisher().signed(JWSAlgorithm.RS256, TestTokens.rsaKey("test"))),
                arguments("alg=none", publisher().unsigned()),
                arguments("alg=none with a signature", publisher().unsigned() + good.substring(good.lastIndexOf('.') + 1)),
                arguments("the public key as a secret", publisher().signed(JWSAlgorithm.HS256, publicKeyAsSecret)),
                arguments("an algorithm that is not pinned", publisher().signed(JWSAlgorithm.RS512)),
                arguments("changed", headAndClaims(publisher().with("scope", "sse.admin").signed()) + good.substring(good.lastIndexOf('.'))),
                arguments("cut", good.substring(0, good.length() - 4)),
                arguments("another audience", publisher().with("aud", List.of("other")).signed()),
                arguments("no audience", publisher().with("aud", null).signed()),
                arguments("another issuer", publisher().with("iss", "https://issuer.example.evil").signed()),
                arguments("no issuer", publisher().with("iss", null).signed()),
                arguments("a token for something else", publisher().type("logout+jwt").signed()),
                arguments("a user that cannot be", publisher().with("sub", "a,b").signed()),
                arguments("a user that is a list", publisher().with("sub", List.of("p")).signed()));
    }

    private static String headAndClaims(String token) {
        return token.substring(0, token.lastIndexOf('.'));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void whenATokenIsNoGoodThenTheSendIsRefusedCountedAndNotDone(String name, String token) {
        double before = refused();
        Answered answer = token.isEmpty() ? http.post("/send", BODY) : http.post("/send", BODY, "Authorization", "Bearer " + token);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.problem()).isEqualTo("unauthorized");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo(token.isEmpty() ? "Bearer" : "Bearer error=\"invalid_token\"");
        assertThat(answer.text("$.detail")).doesNotContain("{").isNotBlank();
        assertThat(answer.body()).doesNotContain(token.isEmpty() ? "at dev" : token);
        assertThat(refused() - before).isEqualTo(1);
        assertThat(backplane.published()).isEmpty();
    }

    private double refused() {
        return meters.get("sse.refused").tag("reason", "unauthorized").counter().count();
    }

    @Test
    void whenATokenIsGoodThenItCountsAgainAndAgain() {
        String[] header = publisher().header();
        for (int i = 0; i < 3; i++) {
            assertThat(http.post("/send", BODY, header).status()).isEqualTo(200);
        }
        assertThat(backplane.published()).hasSize(3);
    }

    @Test
    void whenItIsWrittenInAnotherWayThenItCountsToo() {
        assertThat(send(publisher().type("at+jwt").signed())).isEqualTo(200);
        assertThat(send(publisher().with("aud", List.of("other", TestTokens.AUDIENCE)).signed())).isEqualTo(200);
        assertThat(send(publisher().with("scope", null).with("scp", List.of("x", "sse.publish")).signed())).isEqualTo(200);
        assertThat(http.post("/send", BODY, "Authorization", "bEARER " + publisher().signed()).status()).isEqualTo(200);
    }

    @Test
    void whenTheIssuersClockIsALittleOffThenItCounts() {
        assertThat(send(publisher().expiresIn(Duration.ofSeconds(-20)).signed())).isEqualTo(200);
        assertThat(send(publisher().with("nbf", Date.from(Instant.now().plusSeconds(20))).signed())).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic dTpw", "Digest x", "Token x"})
    void whenTheHeaderIsOfAnotherKindThenItIsRefused(String header) {
        assertThat(http.post("/send", BODY, "Authorization", header).status()).isEqualTo(401);
    }

    @Test
    void whenAHeaderIsWrongThenTheQueryDoesNotHelp() {
        Answered answer = http.get("/messages?user_id=p&access_token=" + publisher().signed(), "Authorization", "Bearer nonsense");
        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void whenTheTokenIsInTheQueryThenItCountsOnlyForWhatChangesNothing() {
        String token = TestTokens.of("p").scopes("sse.publish").signed();
        assertThat(http.get("/messages?user_id=p&access_token=" + token).status()).isEqualTo(200);
        assertThat(http.post("/send?access_token=" + token, BODY).status()).isEqualTo(401);
        assertThat(http.exchange("DELETE", "/session?access_token=" + token, new byte[0], "text/plain").status()).isEqualTo(401);
        assertThat(http.get("/messages?user_id=p&xaccess_token=" + token).status()).isEqualTo(401);
        assertThat(http.get("/messages?user_id=p&access%5Ftoken=" + token).status()).isEqualTo(401);
    }

    @Test
    void whenTwoCallersUseTheSameIdempotencyKeyThenTheyDoNotMeet() {
        String[] first = publisher().header();
        String[] second = TestTokens.of("q").scopes("sse.publish").header();
        assertThat(http.post("/send", BODY, first[0], first[1], "Idempotency-Key", "k").header("Idempotency-Replayed")).isEmpty();
        assertThat(http.post("/send", BODY, first[0], first[1], "Idempotency-Key", "k").header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(http.post("/send", BODY, second[0], second[1], "Idempotency-Key", "k").header("Idempotency-Replayed")).isEmpty();
        assertThat(backplane.published()).hasSize(2);
    }

    @Test
    void whenAClaimIsOfAStrangeKindThenItGivesNothing() {
        assertThat(send(TestTokens.of("p").with("scope", Map.of("sse.publish", true)).signed())).isEqualTo(403);
        assertThat(send(publisher().with("sse_publish", List.of(1, Map.of())).signed())).isEqualTo(403);
        assertThat(send(publisher().with("sse_publish", List.of()).signed())).isEqualTo(403);
        assertThat(send(publisher().with("sse_publish", "user:u").signed())).isEqualTo(200);
    }

    private int send(String token) {
        return http.post("/send", BODY, "Authorization", "Bearer " + token).status();
    }
}
