package dev.ssecluster.proof;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prints what a test's chance came from, so that a failure can be repeated with {@code -Dsse.proof.seed=}. */
final class Seed {

    private static final Logger log = LoggerFactory.getLogger(Seed.class);

    private Seed() {}

    static Random random() {
        long seed = Long.getLong("sse.proof.seed", ThreadLocalRandom.current().nextLong());
        log.info("seed {}", seed);
        return new Random(seed);
    }
}
