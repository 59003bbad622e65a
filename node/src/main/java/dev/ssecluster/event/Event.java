package dev.ssecluster.event;

import dev.ssecluster.model.Priority;

/**
 * One accepted event, as it came over the backplane or was stored. Immutable and shared by all threads; nobody may write to
 * {@code data}.
 *
 * @param id microseconds since the epoch by Redis' clock, unique and ascending in publish order
 * @param persisted whether the event is stored, or in the journal to be stored; such a one is never shed
 * @param expiresAt microseconds by Redis' clock after which it must not be delivered; 0: never
 * @param type the SSE event type
 * @param data the publisher's JSON value as UTF-8, without insignificant white space
 */
@SuppressWarnings("ArrayRecordComponent") // compared by id only in tests; the bytes are shared on purpose
public record Event(long id, Target target, Priority priority, boolean persisted, long expiresAt, String type, byte[] data) {}
