package dev.ssecluster.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Watches the streams whose peers have not taken all of a write: one without progress for the send timeout is stalled. */
final class PendingWrites {

    private final long timeoutNanos;
    private List<Stream> watched = new ArrayList<>();

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
        stalled.forEach(onStalled);
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
