package dev.ssecluster.event;

import dev.ssecluster.model.Priority;
import org.jspecify.annotations.Nullable;

/**
 * One accepted event, as it came over the backplane or was stored. Immutable and shared by all threads; nobody may write to
 * {@code data}.
 *
 * @param id microseconds since the epoch by Redis' clock, unique and ascending in publish order
 * @param persisted whether the event is stored, or in the journal to be stored; such a one is never shed
 * @param expiresAt microseconds by Redis' clock after which it must not be delivered; 0: never
 * @param type the SSE event type
 * @param data the publisher's JSON value as UTF-8, without insignificant white space
 * @param trace what its publisher follows it by; null: it does not, or the event was read from where it is kept
 */
@SuppressWarnings("ArrayRecordComponent") // compared by id only in tests; the bytes are shared on purpose
public record Event(
        long id,
        Target target,
        Priority priority,
        boolean persisted,
        long expiresAt,
        String type,
        byte[] data,
        @Nullable Trace trace) {

    /** An event that nobody follows. */
    public Event(long id, Target target, Priority priority, boolean persisted, long expiresAt, String type, byte[] data) {
        this(id, target, priority, persisted, expiresAt, type, data, null);
    }

    /** The same event, followed by that trace. */
    public Event tracedBy(Trace by) {
        return new Event(id, target, priority, persisted, expiresAt, type, data, by);
    }
}
