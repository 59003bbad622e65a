package dev.ssecluster.security;

import dev.ssecluster.test.TestTokens;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tokens that nobody would make in good faith, and faults that nobody has thought of. */
class TokenVerifierTests {

    private final TokenVerifier verifier = JwtConfiguration.tokenVerifier(
            new JwtSettings(null, TestTokens.publicKey(), null, TestTokens.ISSUER, Set.of(TestTokens.AUDIENCE), Set.of(),
                    Duration.ofSeconds(30)),
            new SecuritySettings(Set.of(), Set.of(), "sub", false));

    private static TokenCaller caller(TokenVerifier verifier, String token) {
        return ((TokenAuthentication) verifier.authenticate(new BearerTokenAuthenticationToken(token))).caller();
    }

    private static TokenVerifier failing(RuntimeException fault) {
        JwtDecoder decoder = _ -> {
            throw fault;
        };
        return new TokenVerifier(decoder, new TokenReader("sub", Duration.ZERO, Clock.systemUTC()));
    }

    @Test
    void whenATokenEndsInCenturiesThenItCountsForYears() {
        Date end = Date.from(Instant.now().plus(Duration.ofDays(400 * 365)));
        long nanos = caller(verifier, TestTokens.of("u").with("exp", end).signed()).expiresNanos();
        assertThat(Duration.ofNanos(nanos - System.nanoTime())).isBetween(Duration.ofDays(3649), Duration.ofDays(3650));
    }

    /** So that a client hears of its end while the issuer would still renew it. */
    @Test
    void whenClocksMayBeOffThenAStreamEndsWithItsTokenAllTheSame() {
        JwtDecoder decoder = token -> Jwt.withTokenValue(token).header("alg", "RS256").subject("u").expiresAt(Instant.ofEpochSecond(1_000)).build();
        Duration skew = Duration.ofSeconds(30);
        assertThat(streamEnds(decoder, skew, 965)).isBetween(Duration.ofSeconds(34), Duration.ofSeconds(35));
        assertThat(streamEnds(decoder, skew, 1_010)).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(20));
    }

    private static Duration streamEnds(JwtDecoder decoder, Duration skew, long now) {
        Clock clock = Clock.fixed(Instant.ofEpochSecond(now), ZoneOffset.UTC);
        TokenVerifier skewed = new TokenVerifier(decoder, new TokenReader("sub", skew, clock));
        return Duration.ofNanos(caller(skewed, "a.b.c").streamEndsNanos() - System.nanoTime());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE / 1000 + 1, -1})
    void whenAnEndCannotBeThenTheTokenIsRefused(long end) {
        assertThatThrownBy(() -> caller(verifier, TestTokens.of("u").with("exp", end).signed()))
                .isInstanceOf(InvalidBearerTokenException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "=", " ", "\n", ".", ".a", "%41", "\u00e9"})
    void whenThereIsRubbishInATokenThenItIsRefused(String rubbish) {
        String token = TestTokens.of("u").signed();
        assertThat(caller(verifier, token).user()).isEqualTo("u");
        for (String spelling : new String[] {token + rubbish, token.replaceFirst("\\.", "." + rubbish)}) {
            assertThatThrownBy(() -> caller(verifier, spelling)).isInstanceOf(InvalidBearerTokenException.class);
        }
    }

    @Test
    void whenATokenIsLongerThanAnyServerTakesThenItIsRefused() {
        assertThat(caller(verifier, TestTokens.of("u").with("pad", "x".repeat(5000)).signed()).user()).isEqualTo("u");
        assertThatThrownBy(() -> caller(verifier, TestTokens.of("u").with("pad", "x".repeat(6200)).signed()))
                .isInstanceOf(InvalidBearerTokenException.class);
    }

    @Test
    void whenVerificationFailsInAWayThatNobodyHasThoughtOfThenNobodyIsLetIn() {
        assertThatThrownBy(() -> caller(failing(new ArithmeticException("long overflow")), "a.b.c"))
                .isInstanceOf(InvalidBearerTokenException.class)
                .hasMessageNotContaining("overflow");
    }

    @Test
    void whenTheKeysAreAwayThenTheTokenIsNotCalledInvalid() {
        assertThatThrownBy(() -> caller(failing(new JwtException("away")), "a.b.c")).isInstanceOf(AuthenticationServiceException.class);
    }
}
