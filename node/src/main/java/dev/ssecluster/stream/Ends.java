package dev.ssecluster.stream;

import java.util.concurrent.TimeUnit;

/** Ends the streams of one shard whose {@link Lifespan} is over, to about a second. Only the shard's thread calls this. */
final class Ends {

    private static final int PARTS = 4; // of the streams, looked at in turn
    private static final long PART_NANOS = TimeUnit.SECONDS.toNanos(1) / PARTS;
    private static final SseFrame EXPIRING = SseFrame.control(ServerEvents.expiring());

    private final RetryDelay retry;
    private final HeartbeatWheel streams;
    private final Outbox outbox;
    private final Sender sender;
    private int mortals;
    private int part;
    private long nextLook = System.nanoTime();

    Ends(RetryDelay retry, HeartbeatWheel streams, Outbox outbox, Sender sender) {
        this.retry = retry;
        this.streams = streams;
        this.outbox = outbox;
        this.sender = sender;
    }

    /** Sends a stream away. */
    interface Sender {
        boolean sendAway(Stream stream, CloseReason reason, long retryMillis);
    }

    void add(Stream stream) {
        mortals += stream.lifespan == null ? 0 : 1;
    }

    void remove(Stream stream) {
        mortals -= stream.lifespan == null ? 0 : 1;
    }

    void look(long now) {
        if (mortals > 0 && now - nextLook >= 0) {
            nextLook = now + PART_NANOS;
            part = (part + 1) % PARTS;
            streams.forEach(part, PARTS, stream -> look(stream, now));
        }
    }

    private void look(Stream stream, long now) {
        Lifespan lifespan = stream.lifespan;
        if (lifespan == null) {
            return;
        }
        CloseReason reason = lifespan.end(now);
        if (reason != null) {
            sender.sendAway(stream, reason, retry.next());
        } else if (stream.isOpen() && lifespan.takeWarning(now)) {
            outbox.enqueue(stream, EXPIRING);
        }
    }
}
