package dev.ssecluster.stream;

import dev.ssecluster.event.EventClock;
import dev.ssecluster.model.Priority;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written to one stream: the server's own blocks first, then urgent, high and normal events, each in the
 * order of their ids. Exists only while something waits. Owned by the stream's shard.
 *
 * <p>Invariant: frames are added in ascending order of their ids, so when the queue of a priority is empty or begins with a
 * later id than the one just written, everything of that priority up to the written id has been delivered.
 */
final class Backlog {

    private static final Priority[] MOST_URGENT_FIRST = {Priority.URGENT, Priority.HIGH, Priority.NORMAL};

    private final FrameQueue control = new FrameQueue();
    private final @Nullable FrameQueue[] events = new FrameQueue[MOST_URGENT_FIRST.length];
    private int bytes;

    int bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    void add(SseFrame frame) {
        bytes += frame.size();
        (frame.isControl() ? control : queue(frame.priority())).add(frame);
    }

    /** Adds a block of the server's own, unless it waits already. */
    void addOnce(SseFrame frame) {
        if (control.peek() != frame) {
            add(frame);
        }
    }

    /** Whether it is worth keeping for another stream. */
    boolean isSmall() {
        int capacity = control.capacity();
        for (FrameQueue queue : events) {
            capacity += queue == null ? 0 : queue.capacity();
        }
        return capacity <= 64;
    }

    /** Drops every event that may be shed and returns how many. */
    int shed() {
        FrameQueue queue = events[Priority.NORMAL.level()];
        if (queue == null) {
            return 0;
        }
        FrameQueue kept = new FrameQueue();
        int dropped = 0;
        while (!queue.isEmpty()) {
            SseFrame frame = queue.remove();
            if (frame.isSheddable()) {
                bytes -= frame.size();
                dropped++;
            } else {
                kept.add(frame);
            }
        }
        events[Priority.NORMAL.level()] = kept;
        return dropped;
    }

    /** Forgets the events up to {@code fence}: the replay has those of them that this stream is to get. */
    void discardUpTo(long fence) {
        for (FrameQueue queue : events) {
            SseFrame first;
            while (queue != null && (first = queue.peek()) != null && first.id() <= fence) {
                bytes -= queue.remove().size();
            }
        }
    }

    /** Puts events, whose ids ascend, among those that wait, each at its id's place; one that waits already is not added again. */
    void merge(List<SseFrame> missed) {
        for (Priority priority : MOST_URGENT_FIRST) {
            List<SseFrame> some = missed.stream().filter(frame -> frame.priority() == priority).toList();
            if (!some.isEmpty()) {
                events[priority.level()] = merged(queue(priority), some);
            }
        }
    }

    private FrameQueue merged(FrameQueue waiting, List<SseFrame> missed) {
        FrameQueue merged = new FrameQueue();
        for (SseFrame frame : missed) {
            SseFrame first;
            while ((first = waiting.peek()) != null && first.id() < frame.id()) {
                merged.add(waiting.remove());
            }
            if (first == null || first.id() != frame.id()) {
                merged.add(frame);
                bytes += frame.size();
            }
        }
        merged.addAll(waiting);
        return merged;
    }

    /** What was moved out of a backlog. */
    static final class Moved {
        int events;
        int expired;
        boolean persisted;
        long oldest = Long.MAX_VALUE;
        @Nullable List<SseFrame> traced;

        void add(SseFrame frame) {
            events++;
            persisted |= frame.isPersisted();
            oldest = Math.min(oldest, frame.id());
            if (frame.trace() != null) {
                traced = traced == null ? new ArrayList<>() : traced;
                traced.add(frame);
            }
        }
    }

    /** Adds all that waits in {@code later}, whose ids are above all of this one's. */
    void addAll(Backlog later) {
        bytes += later.bytes;
        control.addAll(later.control);
        for (Priority priority : MOST_URGENT_FIRST) {
            FrameQueue queue = later.events[priority.level()];
            if (queue != null) {
                queue(priority).addAll(queue);
            }
        }
    }

    /**
     * Moves as many whole frames to {@code out} as fit below {@code limit} bytes, at least one, and raises the positions. An
     * event that has expired is not written and counts as delivered. {@code out} must have room for {@code limit} bytes and the
     * largest frame.
     */
    Moved drainTo(ByteBuffer out, int limit, Positions positions, EventClock clock) {
        Moved moved = new Moved();
        while (!control.isEmpty() && out.position() < limit) {
            SseFrame frame = control.remove();
            bytes -= frame.size();
            frame.writeTo(out);
        }
        SseFrame next;
        while (out.position() < limit && (next = poll()) != null) {
            raise(positions, next);
            if (next.isExpired(clock)) {
                moved.expired++;
            } else {
                write(next, out, positions);
                moved.add(next);
            }
        }
        return moved;
    }

    private @Nullable SseFrame poll() {
        for (Priority priority : MOST_URGENT_FIRST) {
            FrameQueue queue = events[priority.level()];
            if (queue != null && !queue.isEmpty()) {
                SseFrame frame = queue.remove();
                bytes -= frame.size();
                return frame;
            }
        }
        return null;
    }

    private void raise(Positions positions, SseFrame frame) {
        for (Priority priority : MOST_URGENT_FIRST) {
            if (frame.priority() == priority || nothingWaitsUpTo(frame.id(), priority)) {
                positions.raise(priority, frame.id());
            }
        }
    }

    private static void write(SseFrame frame, ByteBuffer out, Positions positions) {
        if (positions.areAll(frame.id())) {
            frame.writeTo(out);
        } else {
            frame.writeTo(out, positions.cursor(frame.id()));
        }
    }

    private boolean nothingWaitsUpTo(long id, Priority priority) {
        FrameQueue queue = events[priority.level()];
        SseFrame first = queue == null ? null : queue.peek();
        return first == null || first.id() > id;
    }

    private FrameQueue queue(Priority priority) {
        FrameQueue queue = events[priority.level()];
        if (queue == null) {
            queue = new FrameQueue();
            events[priority.level()] = queue;
        }
        return queue;
    }
}
