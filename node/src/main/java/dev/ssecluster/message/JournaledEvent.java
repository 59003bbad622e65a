package dev.ssecluster.message;

import dev.ssecluster.event.Event;

/**
 * A persisted event that Redis has accepted.
 *
 * @param epoch of the Redis that has it in its journal
 */
public record JournaledEvent(Event event, String epoch) {}
