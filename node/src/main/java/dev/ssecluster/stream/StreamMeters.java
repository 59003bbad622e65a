package dev.ssecluster.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of this package. Thread-safe. */
final class StreamMeters {

    static final String OPEN = "sse.streams.open";
    static final String OPENED = "sse.streams.opened";
    static final String CLOSED = "sse.streams.closed";
    static final String DELIVERED = "sse.events.delivered";
    static final String DROPPED = "sse.events.dropped";
    static final String UNSETTLED = "sse.streams.unsettled";
    static final String DRAINING = "sse.drain.active";

    private final AtomicInteger open = new AtomicInteger();
    private final Counter opened;
    private final Counter delivered;
    private final Counter shed;
    private final Counter unwritable;
    private final Counter expired;
    private final Counter unsettled;
    private final AtomicInteger draining = new AtomicInteger();
    private final Map<CloseReason, Counter> closed = new EnumMap<>(CloseReason.class);

    StreamMeters(MeterRegistry registry) {
        Gauge.builder(OPEN, open, AtomicInteger::get).description("Streams open on this node").register(registry);
        opened = Counter.builder(OPENED).description("Streams that were opened").register(registry);
        delivered = Counter.builder(DELIVERED).description("Events written to streams").register(registry);
        shed = dropped(registry, "overflow");
        unwritable = dropped(registry, "unwritable");
        expired = dropped(registry, "expired");
        unsettled = Counter.builder(UNSETTLED).description("Joins of groups that were not finished in time").register(registry);
        Gauge.builder(DRAINING, draining, AtomicInteger::get).description("Whether this node is stopping")
                .register(registry);
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, Counter.builder(CLOSED).tag("reason", reason.label())
                    .description("Streams that ended").register(registry));
        }
    }

    private static Counter dropped(MeterRegistry registry, String reason) {
        return Counter.builder(DROPPED).tag("reason", reason).description("Events that a stream did not get").register(registry);
    }

    void opened() {
        open.incrementAndGet();
        opened.increment();
    }

    void closed(CloseReason reason, boolean wasOpen) {
        if (wasOpen) {
            open.decrementAndGet();
        }
        Objects.requireNonNull(closed.get(reason)).increment();
    }

    void delivered(int events) {
        delivered.increment(events);
    }

    void shed(int events) {
        shed.increment(events);
    }

    void expired(int events) {
        expired.increment(events);
    }

    void unsettled() {
        unsettled.increment();
    }

    void draining() {
        draining.set(1);
    }

    void unwritable() {
        unwritable.increment();
    }
}
