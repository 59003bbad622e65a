package dev.ssecluster.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.ssecluster.test.TestTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which keys and settings a node starts with, and what it then accepts. */
class JwtSettingsTests {

    private static final String SECRET = "a secret of at least 32 bytes, so this";

    private @Nullable String uri;
    private @Nullable String publicKey;
    private @Nullable String secret;
    private @Nullable String issuer = TestTokens.ISSUER;
    private Set<String> audiences = Set.of(TestTokens.AUDIENCE);
    private Set<String> algorithms = Set.of();
    private String userClaim = "sub";

    private TokenVerifier verifier() {
        JwtSettings settings = new JwtSettings(uri, publicKey, secret, issuer, audiences, algorithms, Duration.ofSeconds(30));
        return JwtConfiguration.tokenVerifier(settings, new SecuritySettings(Set.of(), Set.of(), userClaim, false));
    }

    private Caller caller(String token) {
        return ((TokenAuthentication) verifier().authenticate(new BearerTokenAuthenticationToken(token))).caller();
    }

    private void refuses(String text) {
        assertThatThrownBy(this::verifier).isInstanceOf(SecurityModeException.class).hasMessageContaining(text);
    }

    @Test
    void whenThereIsNotExactlyOneKeyThenTheNodeDoesNotStart() {
        refuses("exactly one");
        secret = SECRET;
        publicKey = TestTokens.publicKey();
        refuses("exactly one");
        secret = " ";
        assertThat(verifier()).isNotNull();
    }

    @Test
    void whenIssuerOrAudiencesAreMissingThenTheNodeDoesNotStart() {
        secret = SECRET;
        issuer = null;
        refuses("issuer");
        issuer = " ";
        refuses("issuer");
        issuer = TestTokens.ISSUER;
        audiences = Set.of();
        refuses("audiences");
    }

    @Test
    void whenAnAlgorithmDoesNotFitTheKeyThenTheNodeDoesNotStart() {
        publicKey = TestTokens.publicKey();
        algorithms = Set.of("RS256", "HS256");
        refuses("algorithms");
        algorithms = Set.of("none");
        refuses("algorithms");
        publicKey = null;
        uri = "http://127.0.0.1:1/keys";
        algorithms = Set.of("HS256");
        refuses("algorithms");
        uri = null;
        secret = SECRET;
        algorithms = Set.of("RS256");
        refuses("algorithms");
    }

    @Test
    void whenASecretIsTooShortForItsAlgorithmThenTheNodeDoesNotStart() {
        secret = "short";
        refuses("32 bytes");
        secret = SECRET;
        algorithms = Set.of("HS512");
        refuses("64 bytes");
    }

    @Test
    void whenAKeyCannotBeReadThenTheNodeDoesNotStart(@TempDir Path directory) throws IOException {
        publicKey = directory.resolve("absent.pem").toString();
        refuses("cannot be read");
        publicKey = Files.writeString(directory.resolve("key.pem"), "nonsense").toString();
        refuses("BEGIN PUBLIC KEY");
        publicKey = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";
        refuses("neither");
        publicKey = null;
        uri = "not a url";
        refuses("not a URL");
    }

    @Test
    void whenTheKeyIsInAFileThenItCounts(@TempDir Path directory) throws IOException {
        publicKey = Files.writeString(directory.resolve("key.pem"), TestTokens.publicKey()).toString();
        assertThat(caller(TestTokens.of("u").signed()).user()).isEqualTo("u");
        publicKey = "file:" + publicKey;
        assertThat(caller(TestTokens.of("u").signed()).user()).isEqualTo("u");
    }

    @Test
    void whenASecretIsSharedThenOnlyItsAlgorithmCounts() {
        secret = SECRET;
        JWK key = new OctetSequenceKey.Builder((SECRET + SECRET).substring(0, SECRET.length()).getBytes(UTF_8)).build();
        assertThat(caller(TestTokens.of("u").signed(JWSAlgorithm.HS256, key)).user()).isEqualTo("u");
        assertThatThrownBy(() -> caller(TestTokens.of("u").signed())).isInstanceOf(InvalidBearerTokenException.class);
        assertThatThrownBy(() -> caller(TestTokens.of("u").unsigned())).isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void whenTheKeyIsAnEllipticOneThenItCounts() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        publicKey = "-----BEGIN PUBLIC KEY-----\n" + Base64.getEncoder().encodeToString(key.toECPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----";
        assertThat(caller(TestTokens.of("u").signed(JWSAlgorithm.ES256, key)).user()).isEqualTo("u");
        assertThatThrownBy(() -> caller(TestTokens.of("u").signed())).isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void whenTheUserIsInAnotherClaimThenItCounts() {
        publicKey = TestTokens.publicKey();
        userClaim = "uid";
        assertThat(caller(TestTokens.of("s").with("uid", 123).signed()).user()).isEqualTo("123");
        assertThat(caller(TestTokens.of("s").signed()).user()).isNull();
        assertThat(caller(TestTokens.of("s").signed()).name()).isEqualTo("client:s");
        assertThatThrownBy(() -> caller(TestTokens.of("s").with("uid", "a,b").signed())).isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void whenSettingsAreShownThenTheSecretIsNot() {
        secret = SECRET;
        assertThat(new JwtSettings(uri, publicKey, secret, issuer, audiences, algorithms, Duration.ZERO).toString())
                .doesNotContain(SECRET).contains(TestTokens.ISSUER);
    }
}
