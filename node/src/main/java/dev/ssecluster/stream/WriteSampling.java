package dev.ssecluster.stream;

import java.util.concurrent.TimeUnit;

/**
 * Chooses the writes of one shard that are measured: every one while there are few, else evenly so many that it is about {@value
 * #A_SECOND} in a second. Measuring costs a hundredth of a write, and tens of thousands say no more. Only the shard's thread calls this.
 */
final class WriteSampling {

    static final int A_SECOND = 1_000;

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private int period = 1;
    private int left = 1;
    private int writes;
    private long since = System.nanoTime();

    /** Whether this write is measured. */
    boolean isDue() {
        writes++;
        left--;
        if (left > 0) {
            return false;
        }
        left = period;
        return true;
    }

    /** Comes a few times in a second. */
    void tick(long now) {
        if (now - since >= SECOND_NANOS) {
            since = now;
            period = Math.max(1, writes / A_SECOND);
            left = Math.min(left, period);
            writes = 0;
        }
    }
}
