package dev.ssecluster.message;

import dev.ssecluster.event.Event;

/**
 * A persisted event that Redis has accepted.
 *
 * @param epoch of the Redis that accepted it, or found that it had done so before
 * @param replayed whether this repeats a send, found by its idempotency key; that may have been stored long ago
 */
public record JournaledEvent(Event event, String epoch, boolean replayed) {}
