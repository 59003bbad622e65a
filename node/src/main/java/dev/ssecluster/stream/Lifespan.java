package dev.ssecluster.stream;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** When a stream ends by itself: when its client's permission does, of which it is told a little ahead, or when it is old. */
final class Lifespan {

    static final long WARNING_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final long expires; // nanoTime
    private final long ends; // nanoTime
    private boolean warned;

    /** Times are {@link System#nanoTime}, or {@link StreamOptions#NEVER}. */
    private Lifespan(long expires, long ends) {
        this.expires = expires;
        this.ends = ends;
    }

    /** Null when it does not end by itself, as most. */
    static @Nullable Lifespan of(long expires, long ends) {
        return expires == StreamOptions.NEVER && ends == StreamOptions.NEVER ? null : new Lifespan(expires, ends);
    }

    /** Why it has to end now, if it has to. */
    @Nullable CloseReason end(long now) {
        if (isReached(expires, now)) {
            return CloseReason.EXPIRED;
        }
        return isReached(ends, now) ? CloseReason.LIFETIME : null;
    }

    /** Whether its client is to be told, the first time this is asked after the moment for it. */
    boolean takeWarning(long now) {
        if (warned || expires == StreamOptions.NEVER || !isReached(expires - WARNING_NANOS, now)) {
            return false;
        }
        warned = true;
        return true;
    }

    private static boolean isReached(long time, long now) {
        return time != StreamOptions.NEVER && now - time >= 0;
    }
}
