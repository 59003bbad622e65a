package dev.ssecluster.limit;

import org.jspecify.annotations.Nullable;

/** One connection and the times it keeps to. Used by the thread that looks, while the connection goes on. */
sealed interface Watched permits SilentWatched, Http1Watched, Http2Watched {

    /**
     * What the connection takes too long for; null while it is in time. May be wrong for an instant, while the connection changes
     * from one request to the next.
     *
     * @param now {@link System#nanoTime()}
     */
    @Nullable Lateness late(long now);
}
