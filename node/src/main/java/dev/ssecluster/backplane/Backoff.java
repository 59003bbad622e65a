package dev.ssecluster.backplane;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Grows from 100 ms to 2 s, each time a random half to the whole of it, so that nodes do not come back in step. One thread. */
final class Backoff {

    private static final long LEAST_MILLIS = 100;
    private static final long MOST_MILLIS = 2_000;

    private long next = LEAST_MILLIS;

    Duration next() {
        long millis = ThreadLocalRandom.current().nextLong(next / 2, next + 1);
        next = Math.min(2 * next, MOST_MILLIS);
        return Duration.ofMillis(millis);
    }

    void reset() {
        next = LEAST_MILLIS;
    }
}
