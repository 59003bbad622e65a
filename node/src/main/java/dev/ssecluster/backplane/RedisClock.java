package dev.ssecluster.backplane;

import dev.ssecluster.event.EventClock;
import java.util.concurrent.TimeUnit;

/**
 * Redis' clock as this node knows it from the answers to scripts, never ahead of the real one.
 *
 * <p>An answer with Redis' time {@code T}, sent for at {@code a} and here at {@code b} by our monotonic clock, bounds the offset
 * between both clocks: {@code T - b <= offset <= T - a}. The highest lower bound is kept while later answers do not
 * contradict it. When one does, because Redis' clock was set back or runs slower, it takes its place. Thread-safe; reading it
 * never waits.
 */
final class RedisClock implements EventClock {

    private volatile long offset = Long.MIN_VALUE; // microseconds; written under this object's lock

    /**
     * Learns from an answer.
     *
     * @param sent when the script was sent, {@link System#nanoTime}
     * @param received when its answer came, {@link System#nanoTime}
     * @param redisMicros Redis' time while it ran
     */
    synchronized void learn(long sent, long received, long redisMicros) {
        long least = redisMicros - micros(received) - 1;
        long most = redisMicros - micros(sent) + 1;
        offset = offset > most ? least : Math.max(offset, least);
    }

    /** Redis' time at a moment of {@link System#nanoTime}, in microseconds: exact to a round trip, and rather too early. */
    long at(long nanoTime) {
        long known = offset;
        return known == Long.MIN_VALUE ? 0 : micros(nanoTime) + known;
    }

    @Override
    public long micros() {
        return at(System.nanoTime());
    }

    private static long micros(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMicros(nanoTime);
    }
}
