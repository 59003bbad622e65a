package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.Trace;
import dev.ssecluster.model.Priority;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One block of an event stream, encoded once and shared by all streams that receive it. The bytes carry the plain id; where
 * a stream needs a longer cursor, it is put in place of it. Immutable, although the array is not copied.
 */
final class SseFrame {

    private static final long NO_ID = 0;

    private final byte[] bytes;
    private final int idStart;
    private final int idEnd;
    private final long id;
    private final Priority priority;
    private final boolean persisted;
    private final long expiresAt;
    private final @Nullable Trace trace;

    private SseFrame(byte[] bytes, int idStart, int idEnd, long id, Priority priority, boolean persisted, long expiresAt,
            @Nullable Trace trace) {
        this.bytes = bytes;
        this.idStart = idStart;
        this.idEnd = idEnd;
        this.id = id;
        this.priority = priority;
        this.persisted = persisted;
        this.expiresAt = expiresAt;
        this.trace = trace;
    }

    static SseFrame event(byte[] bytes, int idStart, int idEnd, Event event) {
        return new SseFrame(bytes, idStart, idEnd, event.id(), event.priority(), event.persisted(), event.expiresAt(), event.trace());
    }

    /** A block of the server's own, without an id: it moves no cursor. */
    static SseFrame control(byte[] bytes) {
        return new SseFrame(bytes, 0, 0, NO_ID, Priority.URGENT, false, 0, null);
    }

    long id() {
        return id;
    }

    Priority priority() {
        return priority;
    }

    boolean isControl() {
        return id == NO_ID;
    }

    boolean isPersisted() {
        return persisted;
    }

    /** What its publisher follows it by, or null. */
    @Nullable Trace trace() {
        return trace;
    }

    /** Whether it must not be written any more. */
    boolean isExpired(EventClock clock) {
        return expiresAt != 0 && clock.micros() >= expiresAt;
    }

    /** Whether it may be dropped when a queue overflows. */
    boolean isSheddable() {
        return priority == Priority.NORMAL && !persisted;
    }

    int size() {
        return bytes.length;
    }

    void writeTo(ByteBuffer out) {
        out.put(bytes);
    }

    void writeTo(ByteBuffer out, String cursor) {
        out.put(bytes, 0, idStart);
        out.put(cursor.getBytes(StandardCharsets.US_ASCII));
        out.put(bytes, idEnd, bytes.length - idEnd);
    }
}
