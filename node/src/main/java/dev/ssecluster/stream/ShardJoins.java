package dev.ssecluster.stream;

import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Has the streams of one shard join and leave groups, and holds them for it. Only the shard's thread calls this.
 *
 * <p>A hold is given out when its stream has begun, because the stream's fence must be known before anything is read that it may
 * have missed. A hold that nobody settles is over after {@value #LIMIT_SECONDS} s: its stream goes on, and is told that there may be
 * a gap; again, when somebody settles it after that.
 */
final class ShardJoins {

    static final long LIMIT_SECONDS = 10;

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    private static final SseFrame RESET = SseFrame.control(ServerEvents.reset(ResetReason.STORE_UNAVAILABLE, null));

    private final int index;
    private final Outbox outbox;
    private final LiveEvents events;
    private final StreamMeters meters;
    private final EventClock clock;
    private final ArrayDeque<Hold> holds = new ArrayDeque<>(); // the oldest first
    private final Map<Stream, CompletableFuture<?>> waiting = new HashMap<>(); // for streams to begin

    ShardJoins(int index, Outbox outbox, LiveEvents events, StreamMeters meters, EventClock clock) {
        this.index = index;
        this.outbox = outbox;
        this.events = events;
        this.meters = meters;
        this.clock = clock;
    }

    /** From now on what comes for that topic's streams waits; completes when they have begun or ended. */
    CompletableFuture<List<Hold>> hold(Topic topic) {
        events.spill();
        List<CompletableFuture<Hold>> all = new ArrayList<>();
        topic.members(index).forEach(stream -> all.add(hold(stream)));
        return Shards.all(all);
    }

    /** From now on the stream's events wait; completes when it has begun or ended. */
    CompletableFuture<Hold> hold(Stream stream) {
        events.spill();
        Hold hold = new Hold(stream, System.nanoTime());
        if (stream.isClosed()) {
            return CompletableFuture.completedFuture(hold);
        }
        stream.hold();
        holds.add(hold);
        return whenBegun(stream).thenApply(_ -> hold);
    }

    private CompletableFuture<?> whenBegun(Stream stream) {
        return stream.hasBegun() ? CompletableFuture.completedFuture(stream)
                : waiting.computeIfAbsent(stream, _ -> new CompletableFuture<>());
    }

    /** The stream has begun, or has ended. */
    void tellWaiting(Stream stream) {
        CompletableFuture<?> told = waiting.isEmpty() ? null : waiting.remove(stream);
        if (told != null) {
            told.complete(null);
        }
    }

    /** Whether the stream has become a member of the topic. */
    boolean join(Stream stream, Topic topic, Set<String> types) {
        events.spill();
        return !stream.isClosed() && stream.memberships().join(stream, topic, types, index);
    }

    /** Whether the stream had joined that group. */
    boolean leave(Stream stream, Target group) {
        events.spill();
        return !stream.isClosed() && stream.memberships().leave(group, index);
    }

    /** Ends the hold: what was missed meanwhile, with ascending ids, takes its places in what has waited. */
    void settle(Hold hold, List<EncodedEvent> missed) {
        events.spill();
        if (!hold.end()) {
            tellIfOverdue(hold);
            return;
        }
        outbox.merge(hold.stream(), missed.stream()
                .map(event -> event.frame(hold.stream().envelope)).filter(frame -> isInTime(hold.stream(), frame)).toList());
        outbox.release(hold.stream());
        outbox.bound(hold.stream());
    }

    /** What comes too late is left out, as it is at the begin of a stream. */
    private static boolean isInTime(Stream stream, SseFrame frame) {
        boolean past = stream.isPast(frame);
        if (past && frame.isPersisted()) {
            stream.breakSpan(frame.id());
        }
        return !past;
    }

    /** Ends the hold although what was missed is not known: the stream is told that there may be a gap. */
    void giveUp(Hold hold) {
        events.spill();
        if (!hold.end()) {
            tellIfOverdue(hold);
            return;
        }
        Stream stream = hold.stream();
        meters.unsettled();
        tellWaiting(stream);
        stream.breakSpan(clock.micros());
        outbox.release(stream);
        outbox.enqueue(stream, RESET); // nevertheless goes first
    }

    /** The stream may have joined only now; what came between is not known. */
    private void tellIfOverdue(Hold hold) {
        if (hold.takeOverdue()) {
            hold.stream().breakSpan(clock.micros());
            outbox.enqueue(hold.stream(), RESET);
        }
    }

    /** Gives up the holds that have lasted too long. */
    void endOverdue(long now) {
        Hold oldest;
        while ((oldest = holds.peek()) != null && (oldest.isOver() || now - oldest.sinceNanos >= LIMIT_NANOS)) {
            holds.remove();
            if (!oldest.isOver()) {
                giveUp(oldest);
                oldest.setOverdue();
            }
        }
    }
}
