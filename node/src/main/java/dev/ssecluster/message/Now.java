package dev.ssecluster.message;

import dev.ssecluster.event.EventClock;
import org.springframework.stereotype.Component;

/** The moment by which messages are expired or not. */
@Component
record Now(EventClock clock) {

    /**
     * Microseconds by Redis' clock.
     *
     * @throws dev.ssecluster.problem.RefusedException when this node has not reached Redis since it started
     */
    long micros() {
        long micros = clock.micros();
        if (micros == 0) {
            throw BackplaneAnswers.unavailable();
        }
        return micros;
    }
}
