package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.ResetReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one shard. Only the shard's thread calls this.
 *
 * <p>Events queue with the streams concerned; at the end of the turn each dirty stream gets one gathered write. While a write
 * is pending its stream's events wait, so the busier the shard and the slower the peers, the more events a write carries.
 */
final class ShardStreams {

    /** Publishers may send 64 KiB; data with many line breaks grows when it is encoded. */
    static final int LARGEST_DATA = 64 * 1024;

    /** A peer that vanished is noticed by the kernel's timer and then by us: a little after the client timeout. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final int index;
    private final StreamMeters meters;
    private final BiConsumer<Stream, CloseReason> onClosed;
    private final Consumer<Served> onServed;
    private final long doubtNanos;
    private final Outbox outbox;
    private final LiveEvents events;
    private final ShardJoins joins;
    private final HeartbeatWheel wheel;
    private final Heartbeats heartbeats = new Heartbeats();
    private final long tickNanos;
    private final Ends ends;
    private long nextTick;

    ShardStreams(
            int index,
            StreamProperties properties,
            StreamMeters meters,
            EventClock clock,
            BiConsumer<Stream, CloseReason> onClosed,
            Consumer<Served> onServed) {
        this.index = index;
        this.meters = meters;
        this.onClosed = onClosed;
        this.onServed = onServed;
        this.doubtNanos = properties.clientTimeout().toNanos() / 8 * 9 + LATE_NANOS;
        this.outbox = new Outbox(properties, meters, clock, this::close);
        this.events = new LiveEvents(index, outbox, clock);
        this.joins = new ShardJoins(index, outbox, events, meters, clock);
        this.wheel = new HeartbeatWheel(properties.heartbeatInterval().toNanos() / 10 * 9, System.nanoTime());
        this.ends = new Ends(new RetryDelay(properties.retryMin(), properties.retryMax()), wheel, outbox, this::sendAway);
        this.tickNanos = Math.min(TICK_NANOS, Math.min(wheel.slotNanos(), properties.sendTimeout().toNanos() / 4));
        this.nextTick = System.nanoTime() + tickNanos;
    }

    /** From now on the stream's events are held back. */
    void register(Stream stream) {
        stream.memberships().enter(stream, index);
        wheel.add(stream);
        ends.add(stream);
    }

    /** The replay's first read has answered: where the stream begins, and up to which id the replay goes. */
    void begin(Stream stream, Cursor start, Cursor servedFrom, long fence) {
        stream.begin(start, servedFrom, fence, doubtNanos);
        joins.tellWaiting(stream);
    }

    /** A part of the replay; what a position covers was delivered on an earlier stream. */
    void replay(Stream stream, List<EncodedEvent> part, CompletableFuture<Boolean> room) {
        for (EncodedEvent event : part) {
            SseFrame frame = event.frame(stream.envelope);
            if (!stream.isClosed() && stream.memberships().takes(event.event()) && frame.id() > stream.positions.of(frame.priority())) {
                outbox.enqueueReplayed(stream, frame);
            }
        }
        stream.awaitRoom(room);
    }

    /** All of the replay is queued: what was held back beyond the fence follows. */
    void goLive(Stream stream) {
        stream.endReplay();
        outbox.release(stream);
    }

    /** The stream's first bytes are written. */
    void open(Stream stream, Sink sink) {
        if (stream.isClosed()) {
            sink.close();
            return;
        }
        stream.open(sink);
        meters.opened();
        if (stream.backlog != null) {
            outbox.markDirty(stream);
        }
    }

    void close(Stream stream, CloseReason reason) {
        if (stream.isClosed()) {
            return;
        }
        boolean wasOpen = stream.isOpen();
        CloseReason cause = wasOpen && reason == CloseReason.NOT_OPENED ? CloseReason.CLIENT : reason;
        wheel.remove(stream);
        ends.remove(stream);
        stream.memberships().leaveAll(index);
        tell(stream.servedAtEnd(cause, System.nanoTime()));
        stream.close();
        joins.tellWaiting(stream);
        meters.closed(cause, wasOpen);
        onClosed.accept(stream, cause);
    }

    /**
     * The peer is told to come back, if it can be told, and the stream ends.
     *
     * @return whether it ended by this
     */
    boolean sendAway(Stream stream, CloseReason reason, long retryMillis) {
        events.spill();
        if (stream.isClosed()) {
            return false;
        }
        outbox.sendLast(stream, ServerEvents.goaway(reason.label(), retryMillis), System.nanoTime());
        close(stream, reason);
        return true;
    }

    /** Sends all streams of that topic away, and tells how many. */
    int sendAway(Topic topic, CloseReason reason, RetryDelay retry) {
        events.spill(); // which may end streams: not while their list is gone through
        Topic.Members members = topic.members(index);
        int closed = 0;
        for (int i = members.size() - 1; i >= 0; i--) { // backwards: closing a stream moves the last one to its place
            closed += sendAway(members.get(i), reason, retry.next()) ? 1 : 0;
        }
        return closed;
    }

    /** Sends all streams away. */
    void sendAwayAll(CloseReason reason, RetryDelay retry) {
        events.spill();
        wheel.forEach(stream -> sendAway(stream, reason, retry.next()));
    }

    /** The streams of that topic. */
    List<Stream> of(Topic topic) {
        List<Stream> streams = new ArrayList<>();
        topic.members(index).forEach(streams::add);
        return streams;
    }

    /** All streams. */
    List<Stream> all() {
        List<Stream> streams = new ArrayList<>();
        wheel.forEach(streams::add);
        return streams;
    }

    /** Those streams that belong to that one of so many equal parts. */
    List<StreamInfo> infos(int slice, int slices) {
        List<StreamInfo> infos = new ArrayList<>();
        wheel.forEach(stream -> {
            if (stream.isIn(slice, slices)) {
                infos.add(stream.info());
            }
        });
        return infos;
    }

    ShardJoins joins() {
        return joins;
    }

    void deliver(EncodedEvent event, Topic topic) {
        events.add(event, topic);
    }

    /** Everything up to {@code id} came through this shard's inbox before. */
    void probe(long id) {
        heartbeats.advanceTo(id);
    }

    /** Tells every stream of these topics that events may be missing before what follows. */
    void gap(ResetReason reason, long persistedUpTo, List<Topic> topics) {
        events.spill();
        Set<Stream> concerned = Collections.newSetFromMap(new IdentityHashMap<>());
        topics.forEach(topic -> topic.members(index).forEach(concerned::add));
        SseFrame reset = SseFrame.control(ServerEvents.reset(reason, null));
        for (Stream stream : concerned) {
            if (persistedUpTo > 0) {
                stream.breakSpan(persistedUpTo);
            }
            outbox.enqueue(stream, reset);
        }
    }

    /** Tells the user's streams that asked for it how many unread messages there are, each unless it knows already. */
    void unread(Topic user, int count) {
        events.spill();
        SseFrame frame = SseFrame.control(ServerEvents.unread(count));
        Topic.Members members = user.members(index);
        for (int i = members.size() - 1; i >= 0; i--) { // backwards: a full queue may end a stream
            Stream stream = members.get(i);
            if (stream.learnsUnread(count)) {
                outbox.enqueue(stream, frame);
            }
        }
    }

    /** Reports what streams have certainly served their owners since the last time. */
    void reportServed(long now) {
        wheel.forEach(stream -> tell(stream.servedNow(now)));
    }

    private void tell(@Nullable Served served) {
        if (served != null) {
            onServed.accept(served);
        }
    }

    void written(Stream stream) {
        outbox.written(stream);
    }

    /**
     * Writes what the turn's work has left to write.
     *
     * @return whether there is more to write at once
     */
    boolean endTurn(long now) {
        events.endTurn(now);
        outbox.flush(now);
        outbox.endTurn();
        if (now - nextTick >= 0) {
            tick(now);
        }
        return outbox.hasDirty();
    }

    long nanosToNextTick(long now) {
        return Math.max(1, nextTick - now);
    }

    private void tick(long now) {
        nextTick = now + tickNanos;
        outbox.tick(index, now);
        wheel.advance(now, this::heartbeat);
        ends.look(now);
        joins.endOverdue(now);
    }

    private void heartbeat(Stream stream) {
        if (stream.isQuiet()) {
            outbox.send(stream, heartbeats.blockFor(stream));
        }
    }
}
