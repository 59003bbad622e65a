package dev.ssecluster.registry;

import java.time.Duration;

/**
 * A user or client id that was sent away.
 *
 * @param rest how long it still holds
 * @param isFinal whether the client shall stay away, instead of coming back afterwards
 */
public record Block(Duration rest, boolean isFinal) {}
