package dev.ssecluster.backplane;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What this node saw of the journal, and when by its own clock: ids cannot tell how long an entry has been there, because they
 * may be hours ahead of any clock. Thread-safe.
 */
final class JournalLooks {

    /** Nobody may ask what is old for as long as the database is away. */
    private static final int MOST = 10_000;

    /** However many look, the looks that are kept go back for long enough. */
    private static final long APART_NANOS = 100_000_000;

    private final Deque<Look> looks = new ArrayDeque<>(); // oldest first; guarded by this

    /**
     * One look.
     *
     * @param nanoTime {@link System#nanoTime}
     * @param seq the last id issued at that moment: entries up to it that are there now were there already
     */
    private record Look(long nanoTime, long seq) {}

    synchronized void add(long nanoTime, long seq) {
        if (!looks.isEmpty() && nanoTime - looks.getLast().nanoTime < APART_NANOS) {
            return;
        }
        looks.add(new Look(nanoTime, seq));
        if (looks.size() > MOST) {
            looks.remove();
        }
    }

    /** Up to this id entries have been there for at least {@code age}; 0: that is known of none. Forgets what is older. */
    synchronized long seqBefore(long nanoTime, Duration age) {
        @Nullable Look old = null;
        while (!looks.isEmpty() && isOld(looks.element(), nanoTime, age)) {
            old = looks.remove();
        }
        return old == null ? 0 : keep(old);
    }

    private long keep(Look old) {
        looks.addFirst(old);
        return old.seq;
    }

    private static boolean isOld(Look look, long nanoTime, Duration age) {
        return nanoTime - look.nanoTime >= age.toNanos();
    }
}
