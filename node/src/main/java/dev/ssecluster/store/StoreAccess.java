package dev.ssecluster.store;

import dev.ssecluster.event.StoreUnavailableException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What streams that begin ask the database. While it is away it is asked about once a second, and not by every stream. Thread-safe;
 * blocks as long as what is asked does.
 */
public final class StoreAccess {

    private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicInteger failures = new AtomicInteger(); // in a row
    private volatile @Nullable Long awayUntil; // System.nanoTime

    /** Throws {@link StoreUnavailableException} when the database was away a moment ago. */
    public void checkIsThere() {
        Long until = awayUntil;
        if (until != null && System.nanoTime() - until < 0) {
            throw new StoreUnavailableException("The database was away a moment ago", new TimeoutException());
        }
    }

    /** Asks, unless the database was away a moment ago. Throws {@link StoreUnavailableException} when it was, or is. */
    public <T> T ask(Supplier<T> question) {
        checkIsThere();
        try {
            T answer = question.get();
            failures.set(0);
            awayUntil = null;
            return answer;
        } catch (StoreUnavailableException e) {
            if (failures.incrementAndGet() > 1) { // once may be because of what else goes on there
                awayUntil = System.nanoTime() + AWAY_NANOS;
            }
            throw e;
        }
    }
}
