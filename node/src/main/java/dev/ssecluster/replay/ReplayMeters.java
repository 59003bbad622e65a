package dev.ssecluster.replay;

import dev.ssecluster.replay.Beginning.Extent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** The meters of this package. Thread-safe. */
@Component
final class ReplayMeters {

    static final String RESUMED = "sse.replay.resumed";
    static final String EVENTS = "sse.replay.events";
    static final String BROKEN = "sse.replay.broken";

    private final Map<Extent, Counter> resumed = new EnumMap<>(Extent.class);
    private final Counter events;
    private final Counter broken;

    ReplayMeters(MeterRegistry registry) {
        for (Extent extent : new Extent[] {Extent.COMPLETE, Extent.PERSISTED}) {
            resumed.put(extent, Counter.builder(RESUMED).tag("extent", extent.label())
                    .description("Streams that went on at their client's cursor").register(registry));
        }
        events = Counter.builder(EVENTS).description("Events queued by replays").register(registry);
        broken = Counter.builder(BROKEN).description("Replays that could not be finished").register(registry);
    }

    void resumed(Extent extent) {
        Objects.requireNonNull(resumed.get(extent)).increment();
    }

    void events(int count) {
        events.increment(count);
    }

    void broken() {
        broken.increment();
    }
}
