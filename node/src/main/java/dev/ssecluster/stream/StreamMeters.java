package dev.ssecluster.stream;

import dev.ssecluster.metric.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The meters of this package. Thread-safe. */
final class StreamMeters {

    private static final Duration[] LATENCIES = LongStream
            .of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    private static final double[] EVENTS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000};

    private final AtomicInteger open = new AtomicInteger();
    private final Counter opened;
    private final Counter delivered;
    private final Counter shed;
    private final Counter unwritable;
    private final Counter expired;
    private final Counter unsettled;
    private final AtomicInteger draining = new AtomicInteger();
    private final Timer latency;
    private final DistributionSummary written;
    private final AtomicIntegerArray waitingStreams = new AtomicIntegerArray(StreamProperties.MOST_SHARDS);
    private final AtomicLongArray waitingBytes = new AtomicLongArray(StreamProperties.MOST_SHARDS);
    private final Map<CloseReason, Counter> closed = new EnumMap<>(CloseReason.class);

    StreamMeters(MeterRegistry registry, int limit) {
        Gauge.builder(MeterNames.STREAMS_OPEN, open, AtomicInteger::get).description("Streams open on this node").register(registry);
        Gauge.builder(MeterNames.STREAMS_LIMIT, () -> limit).description("Streams that this node accepts").register(registry);
        opened = Counter.builder(MeterNames.STREAMS_OPENED).description("Streams that were opened").register(registry);
        delivered = Counter.builder(MeterNames.EVENTS_DELIVERED).description("Events written to streams").register(registry);
        shed = dropped(registry, "overflow");
        unwritable = dropped(registry, "unwritable");
        expired = dropped(registry, "expired");
        unsettled = Counter.builder(MeterNames.STREAMS_UNSETTLED).description("Joins of groups that were not finished in time").register(registry);
        Gauge.builder(MeterNames.DRAIN_ACTIVE, draining, AtomicInteger::get).description("Whether this node is stopping")
                .register(registry);
        latency = Timer.builder(MeterNames.EVENTS_LATENCY).serviceLevelObjectives(LATENCIES)
                .description("Time from the acceptance of an event to its write").register(registry);
        written = DistributionSummary.builder(MeterNames.WRITE_EVENTS).serviceLevelObjectives(EVENTS)
                .description("Events in one write").register(registry);
        Gauge.builder(MeterNames.QUEUE_STREAMS, waitingStreams, StreamMeters::sum)
                .description("Streams that have not taken all of their last write").register(registry);
        Gauge.builder(MeterNames.QUEUE_BYTES, waitingBytes, StreamMeters::sum)
                .description("Bytes that wait for those streams").register(registry);
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, Counter.builder(MeterNames.STREAMS_CLOSED).tag(MeterNames.REASON, reason.label())
                    .description("Streams that ended").register(registry));
        }
    }

    private static Counter dropped(MeterRegistry registry, String reason) {
        return Counter.builder(MeterNames.EVENTS_DROPPED).tag(MeterNames.REASON, reason).description("Events that a stream did not get").register(registry);
    }

    private static double sum(AtomicIntegerArray values) {
        return IntStream.range(0, values.length()).map(values::get).sum();
    }

    private static double sum(AtomicLongArray values) {
        return IntStream.range(0, values.length()).mapToLong(values::get).sum();
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
        if (events > 0) {
            expired.increment(events);
        }
    }

    /** One write. */
    void wrote(int events) {
        written.record(events);
    }

    /**
     * The way of an event from its acceptance to its write here, both by Redis' clock in microseconds. Ids may be ahead of that clock,
     * and this node's idea of it is not exact: such a way counts as none.
     *
     * @param now 0: not known
     */
    void latency(long now, long id) {
        if (now > 0) {
            latency.record(Math.max(0, now - id), TimeUnit.MICROSECONDS);
        }
    }

    /** What waits in that shard. */
    void waiting(int shard, int streams, long bytes) {
        waitingStreams.set(shard, streams);
        waitingBytes.set(shard, bytes);
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
