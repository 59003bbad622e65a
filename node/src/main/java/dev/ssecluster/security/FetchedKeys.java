package dev.ssecluster.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import java.time.Duration;
import java.util.List;

/**
 * Fetches an issuer's keys and knows when that last succeeded. So a key that is not asked for, because others were just now, can be told
 * from keys that are away. Thread-safe; blocks while it fetches.
 */
final class FetchedKeys extends JWKSetSourceWrapper<SecurityContext> {

    private volatile long fetchedNanos;
    private volatile boolean isFetched;

    FetchedKeys(JWKSetSource<SecurityContext> issuer) {
        super(issuer);
    }

    /** @throws KeySourceException when the issuer does not answer, or with something else */
    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long currentTime, SecurityContext context)
            throws KeySourceException {
        JWKSet keys = getSource().getJWKSet(refresh, currentTime, context);
        fetchedNanos = System.nanoTime();
        isFetched = true;
        return keys;
    }

    /**
     * The same source, but a key that it will not ask for now is one that does not exist, if all keys were fetched in the time {@code
     * recent}, which is to be shorter than the source keeps them: otherwise it may be one of those that it has forgotten.
     */
    JWKSource<SecurityContext> whenNotAskedTooOften(JWKSource<SecurityContext> source, Duration recent) {
        return (selector, context) -> {
            try {
                return source.get(selector, context);
            } catch (RateLimitReachedException e) {
                if (isFetched && System.nanoTime() - fetchedNanos < recent.toNanos()) {
                    return List.of();
                }
                throw e;
            }
        };
    }
}
