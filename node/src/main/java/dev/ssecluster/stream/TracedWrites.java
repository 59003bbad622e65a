package dev.ssecluster.stream;

import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.Trace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Says in the log to how many streams of one shard an event was written that its publisher follows: one line for each event and turn,
 * and so more than one where some streams were slower. Only the shard's thread calls this.
 */
final class TracedWrites {

    private static final Logger log = LoggerFactory.getLogger(TracedWrites.class);

    private final EventClock clock;
    private final Map<Long, Written> turn = new LinkedHashMap<>(); // by event

    private static final class Written {

        final Trace trace;
        final long event;
        int streams;

        Written(Trace trace, long event) {
            this.trace = trace;
            this.event = event;
        }
    }

    TracedWrites(EventClock clock) {
        this.clock = clock;
    }

    /** It was written to one more stream. Nothing is said of what nobody follows. */
    void add(SseFrame frame) {
        Trace trace = frame.trace();
        if (trace != null) {
            turn.computeIfAbsent(frame.id(), id -> new Written(trace, id)).streams++;
        }
    }

    void log() {
        if (!turn.isEmpty()) {
            turn.values().forEach(this::log);
            turn.clear();
        }
    }

    private void log(Written written) {
        long micros = Math.max(0, clock.micros() - written.event);
        try (MDC.MDCCloseable _ = written.trace.inLog()) {
            log.atInfo()
                    .addKeyValue("event.id", Long.toString(written.event))
                    .log("Delivered event {} to {} streams, {} ms after it was accepted", written.event, written.streams,
                            TimeUnit.MICROSECONDS.toMillis(micros));
        }
    }
}
