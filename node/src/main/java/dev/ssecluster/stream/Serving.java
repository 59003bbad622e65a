package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import org.jspecify.annotations.Nullable;

/** What one stream has served its owners, from its registration on. Owned by the stream's shard. */
final class Serving {

    private final Memberships memberships;
    private final byte owners;
    private @Nullable ServedSpan span; // once it has begun
    private long missingUpTo; // up to this id persisted events may have been missed; 0: none
    private boolean withheld;

    /** The first {@code owners} targets that the stream named are its owners. */
    Serving(Memberships memberships, int owners) {
        this.memberships = memberships;
        this.owners = (byte) owners;
    }

    void begin(Cursor from, long doubtNanos) {
        span = new ServedSpan(from, doubtNanos, System.nanoTime());
        if (missingUpTo > 0 || withheld) {
            span.breakOff();
        }
    }

    void beforeWrite(Positions positions, long now) {
        if (span != null) {
            span.beforeWrite(positions, now);
        }
    }

    /** @param isComplete whether nothing from before a gap waits any more */
    void wrotePersisted(Positions positions, boolean isComplete) {
        if (span == null) {
            return;
        }
        if (isComplete && !withheld) {
            span.resumeAt(Math.max(positions.highest(), missingUpTo));
        }
        span.wrotePersisted();
    }

    /** Persisted events up to that id may have been missed, also before the stream began. Some of them may still be written. */
    void breakOff(long upTo) {
        missingUpTo = Math.max(missingUpTo, upTo);
        if (span != null) {
            span.breakOff();
        }
    }

    /** Whether what is served counts for nothing from now on. */
    void withhold(boolean nothing) {
        withheld = nothing;
        if (nothing && span != null) {
            span.breakOff();
        }
    }

    /** What was certainly served: the peer may have vanished unnoticed. Null when there is nothing new to report. */
    @Nullable Served confirmed(long now, Positions positions) {
        return span == null ? null : served(span.from(), span.takeConfirmed(now, positions));
    }

    /** Everything that was served. */
    @Nullable Served all(Positions positions) {
        return span == null ? null : served(span.from(), span.takeAll(positions));
    }

    private @Nullable Served served(@Nullable Cursor from, @Nullable Cursor to) {
        return from == null || to == null ? null : new Served(memberships.named(owners), from, to);
    }
}
