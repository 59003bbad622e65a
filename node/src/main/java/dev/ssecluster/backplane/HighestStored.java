package dev.ssecluster.backplane;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The highest id in the database, for the case that Redis has lost its own. The database may be away or slow, and Redis cannot
 * wait for it: it is asked on a virtual thread, for a second, and never twice at a time. Thread-safe.
 */
final class HighestStored {

    static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final LongSupplier store;
    private @Nullable CompletableFuture<Long> underWay; // guarded by this

    /**
     * @param store blocks, and may throw
     */
    HighestStored(LongSupplier store) {
        this.store = store;
    }

    /** Completes within the timeout, with 0 when it is not known. */
    CompletableFuture<Long> ask() {
        return question().copy().completeOnTimeout(0L, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).exceptionally(_ -> 0L);
    }

    private synchronized CompletableFuture<Long> question() {
        if (underWay == null || underWay.isDone()) {
            underWay = CompletableFuture.supplyAsync(store::getAsLong, Thread::startVirtualThread);
        }
        return underWay;
    }
}
