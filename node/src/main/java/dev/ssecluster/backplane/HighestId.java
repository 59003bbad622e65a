package dev.ssecluster.backplane;

import java.util.concurrent.atomic.LongAccumulator;

/** The highest id that this node has seen anywhere: what Redis issues next must be higher, whatever data it lost. */
final class HighestId {

    private final LongAccumulator highest = new LongAccumulator(Math::max, 0);

    void saw(long id) {
        highest.accumulate(id);
    }

    long get() {
        return highest.get();
    }
}
