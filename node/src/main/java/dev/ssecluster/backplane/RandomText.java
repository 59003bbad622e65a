package dev.ssecluster.backplane;

import java.util.concurrent.ThreadLocalRandom;

/** Names for leases and marks that no two nodes choose. */
final class RandomText {

    private RandomText() {}

    static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
    }
}
