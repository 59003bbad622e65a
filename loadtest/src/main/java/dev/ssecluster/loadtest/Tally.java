package dev.ssecluster.loadtest;

import java.util.Arrays;

/** Counts for one kind of target, or for all. One thread. */
final class Tally {

    /** Sends answered with 200. */
    long accepted;
    /** Deliveries that must have happened: for each accepted send, one on each stream that it was for. */
    long expected;
    /** Deliveries that did, not counting repetitions. */
    long received;
    long lost;
    long duplicate;
    /** Delivered after an event of the same priority that was accepted later. */
    long outOfOrder;
    /** Delivered although refused, or to a stream that it was not for, or under another id, or not recognizable. */
    long unexpected;

    private long[] latencies = new long[64];
    private int measured;

    void latency(long nanos) {
        if (measured == latencies.length) {
            latencies = Arrays.copyOf(latencies, measured * 2);
        }
        latencies[measured++] = nanos;
    }

    void add(Tally other) {
        accepted += other.accepted;
        expected += other.expected;
        received += other.received;
        lost += other.lost;
        duplicate += other.duplicate;
        outOfOrder += other.outOfOrder;
        unexpected += other.unexpected;
        Arrays.stream(other.latencies, 0, other.measured).forEach(this::latency);
    }

    boolean isClean() {
        return lost == 0 && duplicate == 0 && outOfOrder == 0 && unexpected == 0;
    }

    /** Milliseconds within which that share (0 to 1) of the deliveries happened; NaN when there were none. */
    double latencyMillis(double share) {
        long[] sorted = Arrays.copyOf(latencies, measured);
        Arrays.sort(sorted);
        return measured == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(share * measured) - 1)] / 1e6;
    }
}
