package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What one stream has served its owners without a gap: from where, and how far at which time. Owned by the stream's shard.
 *
 * <p>A peer that vanished may have received nothing for a client timeout and the time it takes to notice that. So some of the older
 * positions are kept, each with the moment at which it was reached, to know later how far the stream was that long before its end.
 */
final class ServedSpan {

    private static final int MARKS = 8; // older positions kept for that time

    private final long doubtNanos;
    private final Deque<Mark> marks = new ArrayDeque<>(2);
    private @Nullable Cursor from;
    private long lastWrite;
    private boolean changed;

    ServedSpan(Cursor from, long doubtNanos, long now) {
        this.from = from;
        this.doubtNanos = doubtNanos;
        this.lastWrite = now;
    }

    private record Mark(Cursor position, long since) {}

    /** Called before each write, with the positions reached by the one before. */
    void beforeWrite(Positions positions, long now) {
        Mark newest = marks.peekLast();
        if (newest == null || lastWrite - newest.since >= doubtNanos / MARKS) {
            marks.addLast(new Mark(positions.toCursor(), lastWrite));
            forgetBefore(now - doubtNanos);
        }
        lastWrite = now;
    }

    private void forgetBefore(long time) {
        Mark oldest = marks.removeFirst();
        while (!marks.isEmpty() && marks.getFirst().since - time <= 0) {
            oldest = marks.removeFirst();
        }
        marks.addFirst(oldest); // it held until the next one
    }

    /** A persisted event was written. */
    void wrotePersisted() {
        changed = true;
    }

    /** Persisted events may have been missed: what was served before counts for nothing more. */
    void breakOff() {
        from = null;
    }

    /** Everything above {@code id} was served, if the span had been broken off. */
    void resumeAt(long id) {
        if (from == null) {
            from = Cursor.at(id);
        }
    }

    /** How far it was served, if a persisted event was written since what was last taken; else null. */
    @Nullable Cursor takeAll(Positions positions) {
        boolean was = changed;
        changed = false;
        return was ? positions.toCursor() : null;
    }

    /** How far the peer has certainly received it, if that is further than it began; what is left is taken later. */
    @Nullable Cursor takeConfirmed(long now, Positions positions) {
        Cursor confirmed = changed ? confirmedAt(now, positions) : null;
        changed &= confirmed == null || !confirmed.equals(positions.toCursor());
        return confirmed == null || confirmed.equals(from) ? null : confirmed;
    }

    /** Where the span begins; null while it is broken off. */
    @Nullable Cursor from() {
        return from;
    }

    /** How far the stream was certainly received at {@code end}; where it began when it is not that old. */
    @Nullable Cursor confirmedAt(long end, Positions positions) {
        long limit = end - doubtNanos;
        if (lastWrite - limit <= 0) {
            return positions.toCursor();
        }
        Cursor confirmed = from;
        for (Mark mark : marks) {
            if (mark.since - limit <= 0) {
                confirmed = mark.position;
            }
        }
        return confirmed;
    }
}
