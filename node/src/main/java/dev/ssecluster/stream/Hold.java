package dev.ssecluster.stream;

import dev.ssecluster.event.Target;
import java.util.Set;

/**
 * Keeps the events for one stream waiting, until it is settled. A stream is held exactly as long as one of its holds is not over;
 * each hold ends once: it is {@linkplain Joins#settle settled} or {@linkplain Joins#giveUp given up}, its time is over, or the
 * stream has ended. What comes after that does nothing, but the first to come after its time tells the stream of the gap again: what
 * was sent from the end of its time until the stream joined has been missed, too. Belongs to the stream's shard.
 */
public final class Hold {

    private final Stream stream;
    final long sinceNanos;
    private boolean ended;
    private boolean overdue;

    Hold(Stream stream, long sinceNanos) {
        this.stream = stream;
        this.sinceNanos = sinceNanos;
    }

    public Stream stream() {
        return stream;
    }

    /** The groups that the stream has joined since this began, whoever had it do so. Any thread may ask. */
    public Set<Target> joined() {
        return stream.memberships().joinedSince(sinceNanos);
    }

    boolean isOver() {
        return ended || stream.isClosed();
    }

    /** Its time was over, and somebody may still be about to have the stream join. */
    void setOverdue() {
        overdue = true;
    }

    /** Whether it has ended because its time was over, its stream is still there, and this was not asked before. */
    boolean takeOverdue() {
        boolean was = overdue && !stream.isClosed();
        overdue = false;
        return was;
    }

    /** Whether this call has ended it. */
    boolean end() {
        if (isOver()) {
            return false;
        }
        ended = true;
        stream.unhold();
        return true;
    }
}
