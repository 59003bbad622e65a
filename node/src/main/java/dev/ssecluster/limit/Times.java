package dev.ssecluster.limit;

import java.time.Duration;

/**
 * How long the parts of a request may take, nanoseconds.
 *
 * @param head until its headers are complete
 * @param request until its body is complete
 */
record Times(long head, long request) {

    /** Reading a body ends by itself, with an answer, at its own limit; only what holds it up even so is cut. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    static Times of(ConnectionLimits limits) {
        Duration head = limits.headerTimeout();
        return new Times(head.toNanos(), head.plus(limits.bodyTimeout()).plus(SLACK).toNanos());
    }
}
