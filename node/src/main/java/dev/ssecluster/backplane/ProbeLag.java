package dev.ssecluster.backplane;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long probes take from this node through Redis back to it: so far behind is what it hears. Of a probe that has not come yet it is
 * the time so far. Thread-safe.
 */
final class ProbeLag {

    private static final int MOST = 1_000;

    private final LongSupplier nanoTime;
    private final NavigableMap<Long, Long> sent = new TreeMap<>(); // number -> when, until it or a later one is heard
    private long last;

    ProbeLag(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A probe is sent now. */
    synchronized void sent(long number) {
        sent.put(number, nanoTime.getAsLong());
        if (sent.size() > MOST) {
            sent.pollLastEntry(); // what matters is the oldest
        }
    }

    /**
     * A probe was heard now. Earlier ones come no more.
     *
     * @return how long it took, nanoseconds; -1 when that is not known
     */
    synchronized long heard(long number) {
        Long at = sent.get(number);
        sent.headMap(number, true).clear();
        if (at == null) {
            return -1;
        }
        last = nanoTime.getAsLong() - at;
        return last;
    }

    /** The last one heard, or the oldest that has not been heard, if that has taken longer already. */
    synchronized double seconds() {
        Map.Entry<Long, Long> oldest = sent.firstEntry();
        long waiting = oldest == null ? 0 : nanoTime.getAsLong() - oldest.getValue();
        return Math.max(last, waiting) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
