package dev.ssecluster.stream;

import dev.ssecluster.event.EventClock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive events of one topic and one priority within a turn. Such a run is the same bytes for every idle stream of the
 * topic, so it is put together once and written to all of them, without touching a queue. One thread.
 */
final class EventRun {

    private final int limit;
    private final List<SseFrame> frames = new ArrayList<>();
    private final List<EncodedEvent> events = new ArrayList<>();
    private @Nullable Topic topic;
    private int bytes;
    private boolean hasPersisted;
    private boolean hasTraced;

    EventRun(int limit) {
        this.limit = limit;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    boolean accepts(EncodedEvent event, Topic of) {
        SseFrame frame = event.frame(false);
        return frames.isEmpty()
                || (topic == of && frames.getFirst().priority() == frame.priority() && bytes + frame.size() <= limit);
    }

    void add(EncodedEvent event, Topic of) {
        SseFrame frame = event.frame(false);
        topic = of;
        events.add(event);
        frames.add(frame);
        bytes += frame.size();
        hasPersisted |= frame.isPersisted();
        hasTraced |= frame.trace() != null;
    }

    List<EncodedEvent> events() {
        return events;
    }

    Topic topic() {
        if (topic == null) {
            throw new IllegalStateException("an empty run has no topic");
        }
        return topic;
    }

    /** Whether some of it must not be written any more. */
    boolean hasExpired(EventClock clock) {
        for (SseFrame frame : frames) {
            if (frame.isExpired(clock)) {
                return true;
            }
        }
        return false;
    }

    boolean hasPersisted() {
        return hasPersisted;
    }

    /** Whether somebody follows an event of it. */
    boolean hasTraced() {
        return hasTraced;
    }

    List<SseFrame> frames() {
        return frames;
    }

    long firstId() {
        return frames.getFirst().id();
    }

    long lastId() {
        return frames.getLast().id();
    }

    void writeTo(ByteBuffer out) {
        for (SseFrame frame : frames) {
            frame.writeTo(out);
        }
    }

    void clear() {
        topic = null;
        events.clear();
        frames.clear();
        bytes = 0;
        hasPersisted = false;
        hasTraced = false;
    }
}
