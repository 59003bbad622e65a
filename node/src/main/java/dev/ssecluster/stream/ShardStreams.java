package dev.ssecluster.stream;

import dev.ssecluster.event.ResetReason;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of one shard. Only the shard's thread calls this.
 *
 * <p>Events queue with the streams concerned; at the end of the turn each dirty stream gets one gathered write. While a write
 * is pending its stream's events wait, so the busier the shard and the slower the peers, the more events a write carries. When
 * all events of a turn are one {@link EventRun}, its idle streams are written to at once, without a queue.
 */
final class ShardStreams {

    /** Publishers may send 64 KiB; data with many line breaks grows when it is encoded. */
    static final int LARGEST_DATA = 64 * 1024;

    private static final Logger log = LoggerFactory.getLogger(ShardStreams.class);
    private static final int LARGEST_FRAME = 8 * LARGEST_DATA; // even if every byte were a line break

    private static final int GATHER_LIMIT = 32 * 1024;
    private static final int POOLED_BACKLOGS = 1024;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final SseFrame RESET_OVERFLOW = SseFrame.control(ServerEvents.reset(ResetReason.OVERFLOW, null));

    private final int index;
    private final StreamMeters meters;
    private final BiConsumer<Stream, CloseReason> onClosed;
    private final int queueLimit;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(GATHER_LIMIT + LARGEST_FRAME);
    private final EventRun run = new EventRun(GATHER_LIMIT);
    private final ArrayDeque<Backlog> pool = new ArrayDeque<>();
    private final HeartbeatWheel wheel;
    private final Heartbeats heartbeats = new Heartbeats();
    private final PendingWrites pendingWrites;
    private final long tickNanos;
    private List<Stream> dirty = new ArrayList<>();
    private List<Stream> flushing = new ArrayList<>();
    private boolean spilled;
    private long nextTick;

    ShardStreams(int index, StreamProperties properties, StreamMeters meters, BiConsumer<Stream, CloseReason> onClosed) {
        this.index = index;
        this.meters = meters;
        this.onClosed = onClosed;
        this.queueLimit = (int) properties.queueBytes().toBytes();
        this.pendingWrites = new PendingWrites(properties.sendTimeout().toNanos());
        this.wheel = new HeartbeatWheel(properties.heartbeatInterval().toNanos() / 10 * 9, System.nanoTime());
        this.tickNanos = Math.min(TICK_NANOS, Math.min(wheel.slotNanos(), properties.sendTimeout().toNanos() / 4));
        this.nextTick = System.nanoTime() + tickNanos;
    }

    /** From now on the stream's events queue. */
    void register(Stream stream) {
        stream.joinTopics(index);
        wheel.add(stream);
    }

    /** The stream's first bytes are written: what queued up beyond the fence follows. */
    void open(Stream stream, Sink sink, long fence) {
        if (stream.isClosed()) {
            sink.close();
            return;
        }
        stream.open(sink, fence);
        meters.opened();
        if (stream.backlog != null) {
            stream.backlog.discardUpTo(fence);
            markDirty(stream);
        }
    }

    void close(Stream stream, CloseReason reason) {
        if (stream.isClosed()) {
            return;
        }
        boolean wasOpen = stream.isOpen();
        CloseReason cause = wasOpen && reason == CloseReason.NOT_OPENED ? CloseReason.CLIENT : reason;
        wheel.remove(stream);
        stream.leaveTopics(index);
        stream.close();
        meters.closed(cause, wasOpen);
        onClosed.accept(stream, cause);
    }

    void deliver(EncodedEvent event, Topic topic) {
        if (!run.accepts(event, topic)) {
            spillRun();
        }
        run.add(event, topic);
    }

    /** Everything up to {@code id} came through this shard's inbox before. */
    void probe(long id) {
        heartbeats.advanceTo(id);
    }

    /** Tells every stream of these topics that events may be missing. */
    void gap(ResetReason reason, List<Topic> topics) {
        spillRun();
        Set<Stream> concerned = Collections.newSetFromMap(new IdentityHashMap<>());
        topics.forEach(topic -> topic.members(index).forEach(concerned::add));
        SseFrame reset = SseFrame.control(ServerEvents.reset(reason, null));
        concerned.forEach(stream -> enqueue(stream, reset));
    }

    void written(Stream stream) {
        stream.writing = false;
        if (stream.backlog != null) {
            markDirty(stream);
        }
    }

    /** Sends all streams away; each is told a reconnect delay of its own. */
    void drain(RetryDelay delay) {
        spillRun();
        wheel.forEach(stream -> {
            if (stream.isIdle()) {
                send(stream, ServerEvents.goaway(CloseReason.DRAIN.label(), delay.next()));
            }
            close(stream, CloseReason.DRAIN);
        });
    }

    /**
     * Writes what the turn's work has left to write.
     *
     * @return whether there is more to write at once
     */
    boolean endTurn(long now) {
        if (spilled) {
            spillRun();
        } else {
            writeRun();
        }
        spilled = false;
        flushDirty();
        if (now - nextTick >= 0) {
            tick(now);
        }
        return !dirty.isEmpty();
    }

    long nanosToNextTick(long now) {
        return Math.max(1, nextTick - now);
    }

    private void tick(long now) {
        nextTick = now + tickNanos;
        pendingWrites.findStalled(now, stream -> close(stream, CloseReason.SLOW_CONSUMER));
        wheel.advance(now, this::heartbeat);
    }

    private void heartbeat(Stream stream) {
        if (stream.isIdle()) {
            send(stream, heartbeats.blockFor(stream));
        }
    }

    /** Queues the run with each of its streams, because something else comes between. */
    private void spillRun() {
        if (run.isEmpty()) {
            return;
        }
        spilled = true;
        Topic.Members members = run.topic().members(index);
        for (int i = members.size() - 1; i >= 0; i--) {
            enqueueRun(members.get(i)); // backwards: closing a stream moves the last one to its place
        }
        run.clear();
    }

    private void writeRun() {
        if (run.isEmpty()) {
            return;
        }
        scratch.clear();
        run.writeTo(scratch);
        int length = scratch.position();
        Topic.Members members = run.topic().members(index);
        for (int i = members.size() - 1; i >= 0; i--) {
            writeRunTo(members.get(i), length);
        }
        run.clear();
    }

    private void writeRunTo(Stream stream, int length) {
        if (stream.isIdle() && !stream.envelope && stream.positions.highest() < run.firstId()) {
            stream.positions.raiseAll(run.lastId());
            meters.delivered(run.events().size());
            write(stream, scratch.position(0).limit(length));
        } else {
            enqueueRun(stream);
        }
    }

    private void enqueueRun(Stream stream) {
        for (EncodedEvent event : run.events()) {
            SseFrame frame = event.frame(stream.envelope);
            if (!stream.isClosed() && !stream.predates(frame)) {
                enqueue(stream, frame);
            }
        }
    }

    private void enqueue(Stream stream, SseFrame frame) {
        Backlog backlog = stream.backlog;
        if (backlog == null) {
            backlog = pool.isEmpty() ? new Backlog() : pool.pop();
            stream.backlog = backlog;
        }
        backlog.add(frame);
        if (backlog.bytes() > queueLimit) {
            relieve(stream, backlog);
        }
        markDirty(stream);
    }

    /** The queue is full: what may be shed is, and the client is told; if that is not enough, the stream ends. */
    private void relieve(Stream stream, Backlog backlog) {
        int dropped = backlog.shed();
        if (dropped > 0) {
            meters.shed(dropped);
            backlog.addOnce(RESET_OVERFLOW);
        }
        if (backlog.bytes() > queueLimit) {
            close(stream, CloseReason.SLOW_CONSUMER);
        }
    }

    private void markDirty(Stream stream) {
        if (stream.isOpen() && !stream.writing && !stream.dirty) {
            stream.dirty = true;
            dirty.add(stream);
        }
    }

    private void flushDirty() {
        List<Stream> now = dirty;
        dirty = flushing;
        flushing = now;
        for (Stream stream : now) {
            stream.dirty = false;
            flush(stream);
        }
        now.clear();
    }

    private void flush(Stream stream) {
        Backlog backlog = stream.backlog;
        if (backlog == null || !stream.isOpen() || stream.writing) {
            return;
        }
        scratch.clear();
        meters.delivered(backlog.drainTo(scratch, GATHER_LIMIT, stream.positions));
        if (backlog.isEmpty()) {
            stream.backlog = null;
            recycle(backlog);
        }
        write(stream, scratch.flip());
        if (stream.backlog != null) {
            markDirty(stream);
        }
    }

    private void recycle(Backlog backlog) {
        if (backlog.isSmall() && pool.size() < POOLED_BACKLOGS) {
            pool.push(backlog);
        }
    }

    private void send(Stream stream, byte[] block) {
        scratch.clear();
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
            close(stream, CloseReason.CLIENT);
        }
    }
}
