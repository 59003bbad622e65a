package dev.ssecluster.stream;

/**
 * Keeps the events for one stream waiting, until it is settled. A stream is held exactly as long as one of its holds is not over;
 * each hold ends once: it is {@linkplain Joins#settle settled} or {@linkplain Joins#giveUp given up}, its time is over, or the
 * stream has ended. Whatever comes after that does nothing. Belongs to the stream's shard.
 */
public final class Hold {

    private final Stream stream;
    final long sinceNanos;
    private boolean ended;

    Hold(Stream stream, long sinceNanos) {
        this.stream = stream;
        this.sinceNanos = sinceNanos;
    }

    public Stream stream() {
        return stream;
    }

    boolean isOver() {
        return ended || stream.isClosed();
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
