package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;

/**
 * What a node asks all nodes that have the target's channel.
 *
 * @param target whose channel it came over
 * @param id the last id issued when it was asked: events for the target up to this one have been handed to the sink before, those
 *     above it come after
 * @param body as the asking node gave it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; read once
public record Request(Target target, long id, byte[] body) {}
