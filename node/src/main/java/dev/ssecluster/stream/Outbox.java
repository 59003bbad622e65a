package dev.ssecluster.stream;

import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.ResetReason;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits to be written to the streams of one shard, and the writing. Each dirty stream gets one gathered write at the end of
 * the turn; while a write is pending its stream's events wait. Only the shard's thread calls this.
 */
final class Outbox {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    private static final int LARGEST_FRAME = 8 * ShardStreams.LARGEST_DATA; // even if every byte were a line break
    private static final int POOLED_BACKLOGS = 1024;
    private static final SseFrame RESET_OVERFLOW = SseFrame.control(ServerEvents.reset(ResetReason.OVERFLOW, null));

    /** Bytes of one gathered write, but for its last frame. */
    static final int GATHER_LIMIT = 32 * 1024;

    private final StreamMeters meters;
    private final EventClock clock;
    private final BiConsumer<Stream, CloseReason> closer;
    private final int queueLimit;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(GATHER_LIMIT + LARGEST_FRAME);
    private final ArrayDeque<Backlog> pool = new ArrayDeque<>();
    private final PendingWrites pendingWrites;
    private final WriteSampling sampling = new WriteSampling();
    private final TracedWrites traced;
    private List<Stream> dirty = new ArrayList<>();
    private List<Stream> flushing = new ArrayList<>();

    Outbox(StreamProperties properties, StreamMeters meters, EventClock clock, BiConsumer<Stream, CloseReason> closer) {
        this.meters = meters;
        this.clock = clock;
        this.closer = closer;
        this.traced = new TracedWrites(clock);
        this.queueLimit = (int) properties.queueBytes().toBytes();
        this.pendingWrites = new PendingWrites(properties.sendTimeout().toNanos());
    }

    boolean hasDirty() {
        return !dirty.isEmpty();
    }

    /** Queues a live event, or a block of the server's own. Events wait behind the replay while that goes on. */
    void enqueue(Stream stream, SseFrame frame) {
        if (stream.isLive() || frame.isControl()) {
            queueOf(stream).add(frame);
            markDirty(stream);
        } else {
            heldBy(stream).add(frame);
        }
        bound(stream);
    }

    /** Sees to it that not too much waits. */
    void bound(Stream stream) {
        if (stream.queuedBytes() > queueLimit) {
            relieve(stream);
        }
    }

    /** Queues an event of the replay, which itself sees to it that there are not too many. */
    void enqueueReplayed(Stream stream, SseFrame frame) {
        queueOf(stream).add(frame);
        markDirty(stream);
    }

    /** Puts events among those that are held back, each at its place. */
    void merge(Stream stream, List<SseFrame> missed) {
        if (!missed.isEmpty()) {
            heldBy(stream).merge(missed);
        }
    }

    /** What was held back follows what is queued, if the stream is live. */
    void release(Stream stream) {
        if (stream.isClosed() || !stream.isLive()) {
            return;
        }
        Backlog held = stream.held;
        if (held != null) {
            queueOf(stream).addAll(held);
            stream.held = null;
        }
        if (stream.backlog != null) {
            markDirty(stream);
        }
    }

    private Backlog queueOf(Stream stream) {
        Backlog backlog = stream.backlog;
        if (backlog == null) {
            backlog = newBacklog();
            stream.backlog = backlog;
        }
        return backlog;
    }

    private Backlog heldBy(Stream stream) {
        Backlog held = stream.held;
        if (held == null) {
            held = newBacklog();
            stream.held = held;
        }
        return held;
    }

    private Backlog newBacklog() {
        return pool.isEmpty() ? new Backlog() : pool.pop();
    }

    /** Too much waits: what may be shed is, and the client is told; if that is not enough, the stream ends. */
    private void relieve(Stream stream) {
        Backlog live = stream.isLive() ? queueOf(stream) : heldBy(stream);
        int dropped = live.shed();
        if (dropped > 0) {
            meters.shed(dropped);
            live.addOnce(RESET_OVERFLOW);
        }
        if (stream.queuedBytes() > queueLimit) {
            closer.accept(stream, CloseReason.SLOW_CONSUMER);
        }
    }

    void written(Stream stream) {
        stream.writing = false;
        if (stream.backlog != null) {
            markDirty(stream);
        }
    }

    void markDirty(Stream stream) {
        if (stream.isOpen() && !stream.writing && !stream.dirty) {
            stream.dirty = true;
            dirty.add(stream);
        }
    }

    void flush(long now) {
        List<Stream> due = dirty;
        dirty = flushing;
        flushing = due;
        for (Stream stream : due) {
            stream.dirty = false;
            flush(stream, now);
        }
        due.clear();
    }

    private void flush(Stream stream, long now) {
        Backlog backlog = stream.backlog;
        if (backlog == null || !stream.isOpen() || stream.writing) {
            return;
        }
        scratch.clear();
        Backlog.Moved moved = gather(stream, backlog, now);
        if (scratch.flip().hasRemaining()) {
            write(stream, scratch);
            sample(stream, moved.events, moved.oldest);
        }
        if (stream.backlog != null) {
            markDirty(stream);
        } else {
            stream.tellRoom(); // after the write, which may have ended the stream
        }
    }

    private Backlog.Moved gather(Stream stream, Backlog backlog, long now) {
        stream.beforeWrite(now);
        Backlog.Moved moved = backlog.drainTo(scratch, GATHER_LIMIT, stream.positions, clock);
        count(stream, moved);
        if (backlog.isEmpty()) {
            stream.backlog = null;
            recycle(backlog);
        }
        return moved;
    }

    private void count(Stream stream, Backlog.Moved moved) {
        meters.delivered(moved.events);
        meters.expired(moved.expired);
        if (moved.persisted) {
            stream.wrotePersisted();
        }
        if (moved.traced != null) {
            moved.traced.forEach(traced::add);
        }
    }

    /** Measures some of the writes. What a replay has brought is as old as its client was away. */
    private void sample(Stream stream, int events, long oldest) {
        if (events > 0 && sampling.isDue()) {
            meters.wrote(events);
            if (oldest > stream.fence) {
                meters.latency(clock.micros(), oldest);
            }
        }
    }

    private void recycle(Backlog backlog) {
        if (backlog.isSmall() && pool.size() < POOLED_BACKLOGS) {
            pool.push(backlog);
        }
    }

    /** What has to be looked at a few times in a second: ends the streams whose peers have taken nothing for the send timeout. */
    void tick(int shard, long now) {
        pendingWrites.findStalled(now, stream -> closer.accept(stream, CloseReason.SLOW_CONSUMER));
        meters.waiting(shard, pendingWrites.streams(), pendingWrites.bytes());
        sampling.tick(now);
    }

    /** Says in the log what this turn has written of events that somebody follows. */
    void endTurn() {
        traced.log();
    }

    /** Puts a run together for {@link #writeRun}. */
    int prepare(EventRun run) {
        scratch.clear();
        run.writeTo(scratch);
        return scratch.position();
    }

    /** Writes the run that was prepared, of that length, to an idle stream at once. */
    void writeRun(Stream stream, EventRun run, int length, long now) {
        stream.beforeWrite(now);
        stream.positions.raiseAll(run.lastId());
        meters.delivered(run.events().size());
        write(stream, scratch.position(0).limit(length));
        sample(stream, run.events().size(), run.firstId());
        if (run.hasPersisted()) {
            stream.wrotePersisted();
        }
        if (run.hasTraced()) {
            run.frames().forEach(traced::add);
        }
    }

    /** Writes a block of the server's own to an idle stream at once. */
    void send(Stream stream, byte[] block) {
        scratch.clear();
        write(stream, scratch.put(block).flip());
    }

    /** Writes the stream's last block, behind what one write takes of what waits; nothing while another write is pending. */
    void sendLast(Stream stream, byte[] block, long now) {
        if (!stream.isOpen() || stream.writing) {
            return;
        }
        scratch.clear();
        if (stream.backlog != null) {
            gather(stream, stream.backlog, now);
        }
        write(stream, scratch.put(block).flip());
    }

    /** A transport that fails in a way it should not costs its own stream, never the turn of the others. */
    private void write(Stream stream, ByteBuffer block) {
        try {
            if (!stream.sink().write(block)) {
                stream.writing = true;
                pendingWrites.add(stream, System.nanoTime());
            }
        } catch (RuntimeException e) {
            log.error("A stream is closed because writing to it failed in an unexpected way", e);
            closer.accept(stream, CloseReason.LOST);
        }
    }
}
