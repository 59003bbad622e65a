package dev.ssecluster.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Watches the streams whose peers have not taken all of a write: one without progress for the send timeout is stalled. */
final class PendingWrites {

    private final long timeoutNanos;
    private List<Stream> watched = new ArrayList<>();
    private long bytes;

    PendingWrites(long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
    }

    void add(Stream stream, long now) {
        stream.progressNanos = now;
        stream.unwritten = stream.sink().unwritten();
        if (!stream.watched) {
            stream.watched = true;
            watched.add(stream);
        }
    }

    /** How many there are, as of the last look. */
    int streams() {
        return watched.size();
    }

    /** What waits for them, as of the last look: in their queues, and of the writes under way. */
    long bytes() {
        return bytes;
    }

    void findStalled(long now, Consumer<Stream> onStalled) {
        List<Stream> still = new ArrayList<>(watched.size());
        List<Stream> stalled = new ArrayList<>();
        for (Stream stream : watched) {
            stream.watched = stream.isOpen() && stream.writing;
            if (stream.watched) {
                (isStalled(stream, now) ? stalled : still).add(stream);
            }
        }
        watched = still;
        bytes = waiting(still);
        stalled.forEach(onStalled);
    }

    private static long waiting(List<Stream> streams) {
        long sum = 0;
        for (Stream stream : streams) {
            sum += stream.queuedBytes() + stream.unwritten;
        }
        return sum;
    }

    private boolean isStalled(Stream stream, long now) {
        int unwritten = stream.sink().unwritten();
        if (unwritten != stream.unwritten) {
            stream.unwritten = unwritten;
            stream.progressNanos = now;
        }
        return now - stream.progressNanos >= timeoutNanos;
    }
}
