package dev.ssecluster.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpServer;
import dev.ssecluster.test.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Keys that an issuer publishes over HTTP. */
class PublishedKeysTests {

    private static final RSAKey FIRST = TestTokens.rsaKey("first");
    private static final RSAKey SECOND = TestTokens.rsaKey("second");

    private final AtomicInteger fetches = new AtomicInteger();
    private volatile String keys = set(FIRST);
    private HttpServer issuer;
    private TokenVerifier verifier;

    @BeforeEach
    void start() throws IOException {
        issuer = serve(0);
        verifier = verifier(issuer.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        issuer.stop(0);
    }

    private static TokenVerifier verifier(int port) {
        JwtSettings settings = new JwtSettings("http://127.0.0.1:" + port + "/keys", null, null, TestTokens.ISSUER,
                Set.of(TestTokens.AUDIENCE), Set.of(), Duration.ofSeconds(30));
        return JwtConfiguration.tokenVerifier(settings, new SecuritySettings(Set.of(), Set.of(), "sub", false));
    }

    private HttpServer serve(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/keys", exchange -> {
            fetches.incrementAndGet();
            byte[] body = keys.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String set(JWK... keys) {
        return new JWKSet(Arrays.asList(keys)).toString(false); // secret ones, too: an issuer may be that careless
    }

    private String user(String token) {
        return ((TokenAuthentication) verifier.authenticate(new BearerTokenAuthenticationToken(token))).caller().name();
    }

    private static String token(String user, RSAKey key) {
        return TestTokens.of(user).signed(JWSAlgorithm.RS256, key);
    }

    @Test
    void whenManyTokensComeThenTheKeysAreFetchedOnce() {
        for (int i = 0; i < 20; i++) {
            assertThat(user(token("u" + i, FIRST))).isEqualTo("user:u" + i);
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    void whenTheIssuerHasANewKeyThenItsTokensCountAtOnce() {
        assertThat(user(token("a", FIRST))).isEqualTo("user:a");
        keys = set(FIRST, SECOND);
        assertThat(user(token("b", SECOND))).isEqualTo("user:b");
        assertThat(user(token("c", FIRST))).isEqualTo("user:c");
        assertThat(fetches).hasValue(2);
    }

    @Test
    void whenTokensNameUnknownKeysThenTheyAreRefusedAndTheIssuerIsNotFlooded() {
        assertThat(user(token("a", FIRST))).isEqualTo("user:a");
        for (int i = 0; i < 30; i++) {
            RSAKey unknown = new RSAKey.Builder(SECOND).keyID("unknown" + i).build();
            assertThatThrownBy(() -> user(token("a", unknown))).isInstanceOf(InvalidBearerTokenException.class);
        }
        assertThat(fetches.get()).isLessThanOrEqualTo(3);
        assertThat(user(token("b", FIRST))).as("known keys still count").isEqualTo("user:b");
    }

    @Test
    void whenTheIssuerPublishesASecretThenItCountsForNothing() {
        OctetSequenceKey secret = new OctetSequenceKey.Builder("0123456789abcdef0123456789abcdef".getBytes(UTF_8)).keyID("s").build();
        keys = set(FIRST, secret);
        assertThatThrownBy(() -> user(TestTokens.of("a").signed(JWSAlgorithm.HS256, secret)))
                .isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void whenTheKeyIdIsRightButNotTheKeyThenTheTokenIsRefused() {
        RSAKey forged = new RSAKey.Builder(SECOND).keyID("first").build();
        assertThatThrownBy(() -> user(token("a", forged))).isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void whenTheIssuerCannotBeReachedThenNobodyIsCalledAForgerAndItWorksWhenItIsBack() throws IOException {
        int port = issuer.getAddress().getPort();
        issuer.stop(0);
        String token = token("a", FIRST);
        assertThatThrownBy(() -> user(token)).isInstanceOf(AuthenticationServiceException.class);
        issuer = serve(port);
        assertThat(user(token)).isEqualTo("user:a");
    }

    @Test
    void whenTheIssuerIsNotAskedAgainSoSoonAndTheKeysAreNotKnownThenNobodyIsCalledAForger() {
        issuer.stop(0);
        String token = token("a", FIRST);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> user(token)).isInstanceOf(AuthenticationServiceException.class);
        }
    }

    @Test
    void whenTheIssuerGoesAwayThenItsKnownKeysStillCount() {
        assertThat(user(token("a", FIRST))).isEqualTo("user:a");
        issuer.stop(0);
        assertThat(user(token("b", FIRST))).isEqualTo("user:b");
    }

    @Test
    void whenTheIssuerAnswersNonsenseThenNobodyIsCalledAForger() {
        keys = "<html>";
        assertThatThrownBy(() -> user(token("a", FIRST))).isInstanceOf(AuthenticationServiceException.class);
    }
}
