package dev.ssecluster.body;

import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** Bounds what all bodies that have not come to their end take together, however many connections are slow. Thread-safe. */
final class BodyBudget {

    private final Semaphore kilobytes;

    BodyBudget(long bytes) {
        kilobytes = new Semaphore(Math.toIntExact(bytes / 1024));
    }

    Reservation reserve() {
        return new Reservation();
    }

    /** What one body has taken; given back when it is closed. Used by one thread. */
    final class Reservation implements AutoCloseable {

        private int taken;

        private Reservation() {}

        /**
         * Takes {@code bytes} more.
         *
         * @throws RefusedException when the others leave too little
         */
        void take(int bytes) {
            int more = bytes / 1024 + 1;
            if (!kilobytes.tryAcquire(more)) {
                throw RefusedException.of(ProblemType.NOT_SENT).retryAfter(Duration.ofSeconds(1));
            }
            taken += more;
        }

        @Override
        public void close() {
            kilobytes.release(taken);
            taken = 0;
        }
    }
}
