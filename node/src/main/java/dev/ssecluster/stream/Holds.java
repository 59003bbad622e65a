package dev.ssecluster.stream;

import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.ResetReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The holds of one shard's streams. Only the shard's thread calls this.
 *
 * <p>A hold is given out when its stream has begun, because the stream's fence must be known before anything is read that it may
 * have missed. A hold that nobody settles is over after {@value #LIMIT_SECONDS} s: its stream goes on, and is told that there may be
 * a gap.
 */
final class Holds {

    static final long LIMIT_SECONDS = 10;

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    private static final SseFrame RESET = SseFrame.control(ServerEvents.reset(ResetReason.STORE_UNAVAILABLE, null));

    private final Outbox outbox;
    private final StreamMeters meters;
    private final EventClock clock;
    private final ArrayDeque<Hold> holds = new ArrayDeque<>(); // the oldest first
    private final Map<Stream, List<Runnable>> waiting = new HashMap<>(); // for streams to begin

    Holds(Outbox outbox, StreamMeters meters, EventClock clock) {
        this.outbox = outbox;
        this.meters = meters;
        this.clock = clock;
    }

    /** From now on the stream's events wait; completes when it has begun or ended. */
    CompletableFuture<Hold> hold(Stream stream, long now) {
        Hold hold = new Hold(stream, now);
        CompletableFuture<Hold> given = new CompletableFuture<>();
        if (stream.isClosed()) {
            given.complete(hold);
            return given;
        }
        stream.hold();
        holds.add(hold);
        if (stream.hasBegun()) {
            given.complete(hold);
        } else {
            waiting.computeIfAbsent(stream, _ -> new ArrayList<>(1)).add(() -> given.complete(hold));
        }
        return given;
    }

    /** The stream has begun, or has ended. */
    void tellWaiting(Stream stream) {
        List<Runnable> told = waiting.isEmpty() ? null : waiting.remove(stream);
        if (told != null) {
            told.forEach(Runnable::run);
        }
    }

    /** Ends the hold: what was missed meanwhile, with ascending ids, takes its places in what has waited. */
    void settle(Hold hold, List<EncodedEvent> missed) {
        if (!hold.end()) {
            return;
        }
        outbox.merge(hold.stream(), missed.stream().filter(hold.stream()::takes)
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
        if (!hold.end()) {
            return;
        }
        Stream stream = hold.stream();
        meters.unsettled();
        tellWaiting(stream);
        stream.breakSpan(clock.micros());
        outbox.release(stream);
        outbox.enqueue(stream, RESET); // nevertheless goes first
    }

    /** Gives up the holds that have lasted too long. */
    void endOverdue(long now) {
        Hold oldest;
        while ((oldest = holds.peek()) != null && (oldest.isOver() || now - oldest.sinceNanos >= LIMIT_NANOS)) {
            holds.remove();
            giveUp(oldest);
        }
    }
}
