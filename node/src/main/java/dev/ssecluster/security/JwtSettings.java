package dev.ssecluster.security;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which tokens count in mode {@code jwt}. Exactly one of the first three is set.
 *
 * @param jwkSetUri where the issuer publishes its keys
 * @param publicKey the issuer's only key, RSA or EC, as PEM text or as the location of such a file
 * @param hmacSecret what the issuer and this node share: at least as many bytes as the algorithm's hash, in UTF-8
 * @param issuer the {@code iss} that a token must have; required
 * @param audiences of which a token's {@code aud} must name one; required
 * @param algorithms the only ones that count, such as {@code ES256}; by default RS256, for an EC key the one of its curve, for a
 *     secret HS256
 * @param clockSkew by how much the issuer's clock may be off
 */
@ConfigurationProperties("sse.security.jwt")
record JwtSettings(
        @Nullable String jwkSetUri,
        @Nullable String publicKey,
        @Nullable String hmacSecret,
        @Nullable String issuer,
        @DefaultValue Set<String> audiences,
        @DefaultValue Set<String> algorithms,
        @DefaultValue("30s") Duration clockSkew) {

    /** Without the secret: records show all they have. */
    @Override
    public String toString() {
        return "JwtSettings[issuer=" + issuer + ", audiences=" + audiences + ", algorithms=" + algorithms + "]";
    }
}
