package dev.ssecluster.replay;

import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.replay.Beginning.Extent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** The meters of this package. Thread-safe. */
@Component
final class ReplayMeters {

    private final Map<Extent, Counter> resumed = new EnumMap<>(Extent.class);
    private final Counter events;
    private final Counter broken;
    private final Timer storeTime;
    private final Counter storeEvents;

    ReplayMeters(MeterRegistry registry) {
        for (Extent extent : new Extent[] {Extent.COMPLETE, Extent.PERSISTED}) {
            resumed.put(extent, Counter.builder(MeterNames.REPLAY_RESUMED).tag(MeterNames.EXTENT, extent.label())
                    .description("Streams that went on at their client's cursor").register(registry));
        }
        events = Counter.builder(MeterNames.REPLAY_EVENTS).description("Events queued by replays").register(registry);
        broken = Counter.builder(MeterNames.REPLAY_BROKEN).description("Replays that could not be finished").register(registry);
        storeTime = registry.timer(MeterNames.REPLAY_READ_TIME, MeterNames.SOURCE, "database");
        storeEvents = registry.counter(MeterNames.REPLAY_READ_EVENTS, MeterNames.SOURCE, "database");
    }

    /** A query for events, begun at that {@link System#nanoTime}. */
    void readStore(long begun, int count) {
        storeTime.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        storeEvents.increment(count);
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
