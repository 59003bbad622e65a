package dev.ssecluster.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.security.Key;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The keys that a token may be signed with, each only for algorithms that are pinned and fit its kind: so a public key is never taken
 * for a secret, and {@code none} is no algorithm.
 */
final class TokenKeys {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int LARGEST_KEY_SET = 256 * 1024; // bytes

    /** How long a key counts after the issuer has withdrawn it. A key that is new is asked for at once. */
    private static final Duration KEEP = Duration.ofMinutes(5);

    /** An unknown key is asked for twice in this time at most: anybody can name unknown keys. */
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(10);

    /** How long the known keys count while the issuer cannot be reached. */
    private static final Duration OUTAGE = Duration.ofHours(4);

    private final Set<JWSAlgorithm> wanted;

    private TokenKeys(Set<JWSAlgorithm> wanted) {
        this.wanted = wanted;
    }

    /**
     * The keys that these settings name.
     *
     * @throws SecurityModeException when the settings do not say which keys count
     */
    static JWSKeySelector<SecurityContext> of(JwtSettings settings) {
        Set<JWSAlgorithm> wanted = settings.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toUnmodifiableSet());
        return new TokenKeys(wanted).select(settings);
    }

    private JWSKeySelector<SecurityContext> select(JwtSettings settings) {
        String uri = given(settings.jwkSetUri());
        String pem = given(settings.publicKey());
        String secret = given(settings.hmacSecret());
        if (Stream.of(uri, pem, secret).filter(Objects::nonNull).count() != 1) {
            throw new SecurityModeException("Set exactly one of sse.security.jwt.jwk-set-uri, sse.security.jwt.public-key and"
                    + " sse.security.jwt.hmac-secret: it is the key that tokens are verified with.");
        }
        if (uri != null) {
            return published(uri);
        }
        return pem != null ? publicKey(pem) : secret(Objects.requireNonNull(secret));
    }

    /** An empty value, as a variable of the environment may have, is none. */
    private static @Nullable String given(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }

    private JWSKeySelector<SecurityContext> published(String uri) {
        Set<JWSAlgorithm> algorithms = pinned(JWSAlgorithm.RS256, asymmetric());
        FetchedKeys fetched = new FetchedKeys(new URLBasedJWKSetSource<>(url(uri), new DefaultResourceRetriever(
                (int) TIMEOUT.toMillis(), (int) TIMEOUT.toMillis(), LARGEST_KEY_SET)));
        JWKSource<SecurityContext> keys = JWKSourceBuilder.create(fetched)
                .cache(KEEP.toMillis(), 2 * TIMEOUT.toMillis())
                .refreshAheadCache(false) // it would need threads of its own
                .rateLimited(BETWEEN_FETCHES.toMillis())
                .outageTolerant(OUTAGE.toMillis())
                .build();
        return new JWSVerificationKeySelector<>(algorithms, fetched.whenNotAskedTooOften(keys, BETWEEN_FETCHES.multipliedBy(2)));
    }

    private static URL url(String uri) {
        try {
            return URI.create(uri).toURL();
        } catch (IllegalArgumentException | MalformedURLException e) {
            throw new SecurityModeException("sse.security.jwt.jwk-set-uri is not a URL.");
        }
    }

    private JWSKeySelector<SecurityContext> publicKey(String pem) {
        PublicKey key = PublicKeyPem.read(pem);
        return only(key, key instanceof ECPublicKey ec ? pinned(ofCurve(ec), Set.of(ofCurve(ec))) : pinned(JWSAlgorithm.RS256, rsa()));
    }

    private static JWSAlgorithm ofCurve(ECPublicKey key) {
        Curve curve = Curve.forECParameterSpec(key.getParams());
        return switch (curve == null ? "" : curve.getName()) {
            case "P-256" -> JWSAlgorithm.ES256;
            case "P-384" -> JWSAlgorithm.ES384;
            case "P-521" -> JWSAlgorithm.ES512;
            default -> throw new SecurityModeException("sse.security.jwt.public-key is of a curve other than P-256, P-384 and P-521.");
        };
    }

    private JWSKeySelector<SecurityContext> secret(String secret) {
        byte[] bytes = secret.getBytes(UTF_8);
        Set<JWSAlgorithm> algorithms = pinned(JWSAlgorithm.HS256, JWSAlgorithm.Family.HMAC_SHA);
        for (JWSAlgorithm algorithm : algorithms) {
            int bits = Integer.parseInt(algorithm.getName().substring(2));
            if (bytes.length * Byte.SIZE < bits) {
                throw new SecurityModeException("sse.security.jwt.hmac-secret must have at least " + bits / Byte.SIZE + " bytes.");
            }
        }
        return only(new SecretKeySpec(bytes, "HMAC"), algorithms);
    }

    /** The key counts whatever {@code kid} a token names: there is no other. */
    private static JWSKeySelector<SecurityContext> only(Key key, Set<JWSAlgorithm> algorithms) {
        return (header, _) -> algorithms.contains(header.getAlgorithm()) ? List.of(key) : List.of();
    }

    private Set<JWSAlgorithm> pinned(JWSAlgorithm usual, Set<JWSAlgorithm> possible) {
        if (wanted.isEmpty()) {
            return Set.of(usual);
        }
        if (!possible.containsAll(wanted)) {
            throw new SecurityModeException("sse.security.jwt.algorithms: this kind of key can be used with "
                    + possible.stream().map(JWSAlgorithm::getName).sorted().collect(Collectors.joining(", ")) + " only.");
        }
        return wanted;
    }

    private static Set<JWSAlgorithm> rsa() {
        return JWSAlgorithm.Family.RSA;
    }

    private static Set<JWSAlgorithm> asymmetric() {
        return Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512, JWSAlgorithm.PS256, JWSAlgorithm.PS384,
                JWSAlgorithm.PS512, JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512);
    }
}
