package dev.ssecluster.event;

/**
 * A part of what was sent to one target: at most {@code limit} events with an id above {@code after}, the oldest first.
 *
 * @param after microseconds since the epoch by Redis' clock
 * @param limit at least 1
 */
public record EventRange(Target target, long after, int limit) {}
