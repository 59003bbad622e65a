package dev.ssecluster.event;

/** The clock by which events expire: Redis', as this node knows it. Thread-safe. */
@FunctionalInterface
public interface EventClock {

    /** Microseconds since the epoch, never ahead of Redis' clock; 0 while it is not known. */
    long micros();
}
