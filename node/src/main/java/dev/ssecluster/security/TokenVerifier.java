package dev.ssecluster.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.KeySourceException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Verifies tokens. One that was good is not verified again for a minute, or until it ends; it is known by its hash, because the memory
 * of a node is no place to keep tokens. Bad ones are verified every time. Thread-safe; blocks while keys are fetched.
 */
final class TokenVerifier implements AuthenticationManager {

    private static final Logger log = LoggerFactory.getLogger(TokenVerifier.class);

    private static final Duration KEEP = Duration.ofMinutes(1);
    private static final int MOST_KEPT = 50_000;

    /** Characters. Servers take no longer headers than that. */
    private static final int LONGEST = 8192;

    /** Strict, because the library skips what is no base64: one token would count, and be kept, under any number of spellings. */
    private static final Pattern FORM = Pattern.compile("[\\w-]++\\.[\\w-]++\\.[\\w-]++");

    private final JwtDecoder decoder;
    private final TokenReader reader;
    private final Cache<ByteBuffer, TokenCaller> verified = Caffeine.newBuilder()
            .maximumSize(MOST_KEPT)
            .expireAfter(Expiry.<ByteBuffer, TokenCaller>creating((_, caller) -> life(caller)))
            .build();
    private final AtomicBoolean keysAway = new AtomicBoolean();

    TokenVerifier(JwtDecoder decoder, TokenReader reader) {
        this.decoder = decoder;
        this.reader = reader;
    }

    private static Duration life(TokenCaller caller) {
        Duration rest = Duration.ofNanos(caller.expiresNanos() - System.nanoTime());
        return rest.compareTo(KEEP) < 0 ? rest : KEEP;
    }

    /**
     * Verifies a token.
     *
     * @throws InvalidBearerTokenException when it is no good
     * @throws AuthenticationServiceException when that cannot be told now
     */
    @Override
    public Authentication authenticate(Authentication unverified) {
        String token = ((BearerTokenAuthenticationToken) unverified).getToken();
        if (token.length() > LONGEST || !FORM.matcher(token).matches()) {
            throw notValid();
        }
        ByteBuffer hash = ByteBuffer.wrap(sha256(token));
        TokenCaller caller = verified.getIfPresent(hash);
        if (caller == null) {
            caller = verify(token);
            verified.put(hash, caller);
        }
        return new TokenAuthentication(caller);
    }

    /** What the exceptions say never leaves here: it may quote the token. One that nobody has thought of lets nobody in. */
    private TokenCaller verify(String token) {
        try {
            TokenCaller caller = reader.read(decoder.decode(token));
            keysAway.set(false);
            return caller;
        } catch (JwtException e) {
            if (isFaultOfToken(e)) {
                throw notValid();
            }
            tell(e);
            throw new AuthenticationServiceException("The keys are not known now");
        } catch (RuntimeException e) {
            log.debug("A token made its verification fail with {}", e.getClass().getName());
            throw notValid();
        }
    }

    private static InvalidBearerTokenException notValid() {
        return new InvalidBearerTokenException("The token is not valid");
    }

    private static boolean isFaultOfToken(JwtException fault) {
        return fault instanceof BadJwtException
                || (fault.getCause() instanceof JOSEException cause && !(cause instanceof KeySourceException));
    }

    private void tell(JwtException fault) {
        if (!keysAway.getAndSet(true)) {
            String reason = fault.getCause() == null ? fault.getMessage() : fault.getCause().getMessage();
            log.warn("Tokens cannot be verified: the keys of sse.security.jwt.jwk-set-uri cannot be fetched: {}", reason);
        }
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
