package dev.ssecluster.stream;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A random reconnect delay between two bounds, because browsers do not spread their reconnects themselves.
 *
 * @param min shortest delay
 * @param max longest delay, inclusive
 */
public record RetryDelay(Duration min, Duration max) {

    /** For streams that were refused or sent away for a passing reason. */
    public static final RetryDelay AFTER_REFUSAL = new RetryDelay(Duration.ofSeconds(10), Duration.ofSeconds(60));

    /** The next delay in milliseconds. */
    public long next() {
        return ThreadLocalRandom.current().nextLong(min.toMillis(), max.toMillis() + 1);
    }
}
