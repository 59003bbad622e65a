package dev.ssecluster.test;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** A token in the making, of an issuer whose key lives as long as the test's JVM. What is not said is as it should be. */
public final class TestTokens {

    public static final String ISSUER = "https://issuer.example";
    public static final String AUDIENCE = "sse-test";

    private static final RSAKey KEY = rsaKey("test");

    private final JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();
    private String type = "JWT";

    private TestTokens() {}

    /** A token for that user, without any scope, valid for five minutes. */
    public static TestTokens of(@Nullable String user) {
        TestTokens token = new TestTokens();
        token.claims.issuer(ISSUER).audience(AUDIENCE).subject(user);
        return token.expiresIn(Duration.ofMinutes(5));
    }

    /** What a node needs to accept these tokens, as name=value. */
    public static String[] settings() {
        return properties().entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toArray(String[]::new);
    }

    private static Map<String, String> properties() {
        return new TreeMap<>(Map.of(
                "sse.security.mode", "jwt",
                "sse.security.jwt.issuer", ISSUER,
                "sse.security.jwt.audiences", AUDIENCE,
                "sse.security.jwt.public-key", publicKey()));
    }

    /** For tests that run a node by annotation. */
    public static final class Initializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            TestPropertyValues.of(properties()).applyTo(context);
        }
    }

    /** The public key as PEM. */
    public static String publicKey() {
        try {
            byte[] encoded = KEY.toRSAPublicKey().getEncoded();
            return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END PUBLIC KEY-----\n";
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static RSAKey rsaKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public TestTokens scopes(String... scopes) {
        return with("scope", String.join(" ", scopes));
    }

    public TestTokens groups(String... groups) {
        return with("sse_groups", List.of(groups));
    }

    public TestTokens sendsTo(String... targets) {
        return with("sse_publish", List.of(targets));
    }

    public TestTokens expiresIn(Duration life) {
        return with("exp", Date.from(Instant.now().plus(life)));
    }

    /** Sets a claim; null: the token has none of that name. */
    public TestTokens with(String claim, @Nullable Object value) {
        claims.claim(claim, value);
        return this;
    }

    public TestTokens type(String type) {
        this.type = type;
        return this;
    }

    /** Signed as the issuer signs. */
    public String signed() {
        return signed(JWSAlgorithm.RS256, KEY);
    }

    public String signed(JWSAlgorithm algorithm, JWK key) {
        try {
            JWSHeader header = new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).type(new JOSEObjectType(type)).build();
            SignedJWT token = new SignedJWT(header, claims.build());
            token.sign(new DefaultJWSSignerFactory().createJWSSigner(key, algorithm));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the algorithm that the issuer's key is for, although it is not the pinned one. */
    public String signed(JWSAlgorithm algorithm) {
        return signed(algorithm, KEY);
    }

    /** A signed token with a claim that is null, which the builder would leave out. */
    public static String withNull(String user, String claim, String scope) {
        String json = "{\"iss\":\"" + ISSUER + "\",\"aud\":\"" + AUDIENCE + "\",\"sub\":\"" + user + "\",\"scope\":\"" + scope
                + "\",\"exp\":" + Instant.now().plusSeconds(300).getEpochSecond() + ",\"" + claim + "\":null}";
        try {
            JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.RS256), new Payload(json));
            token.sign(new RSASSASigner(KEY));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With {@code alg=none}. */
    public String unsigned() {
        return new PlainJWT(claims.build()).serialize();
    }

    /** Signed, as a header. */
    public String[] header() {
        return new String[] {"Authorization", "Bearer " + signed()};
    }

    /** Signed, as a line of a request's head. */
    public String line() {
        return "Authorization: Bearer " + signed();
    }
}
