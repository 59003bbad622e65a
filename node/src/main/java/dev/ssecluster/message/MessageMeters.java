package dev.ssecluster.message;

import dev.ssecluster.backplane.Journal.Depth;
import dev.ssecluster.metric.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Component;

/** What is counted on the way of messages into the database. */
@Component
final class MessageMeters {

    final DistributionSummary batch;
    final Timer time;
    final Counter recovered;
    final Counter conflicts;
    final Counter refused;
    private final MeterRegistry registry;
    private volatile Depth journal = new Depth(0, Duration.ZERO, 0);

    MessageMeters(MeterRegistry registry) {
        this.registry = registry;
        this.batch = DistributionSummary.builder(MeterNames.STORE_BATCH).publishPercentiles(0.5).register(registry);
        this.time = registry.timer(MeterNames.STORE_TIME);
        this.recovered = registry.counter(MeterNames.JOURNAL_RECOVERED);
        this.conflicts = registry.counter(MeterNames.JOURNAL_BURIED, MeterNames.REASON, "conflict");
        this.refused = registry.counter(MeterNames.JOURNAL_BURIED, MeterNames.REASON, "refused");
        Gauge.builder(MeterNames.JOURNAL_ENTRIES, () -> journal.entries()).register(registry);
        Gauge.builder(MeterNames.JOURNAL_AGE, () -> journal.oldest().toMillis() / 1000.0).register(registry);
    }

    void observe(BooleanSupplier available) {
        Gauge.builder(MeterNames.STORE_AVAILABLE, () -> available.getAsBoolean() ? 1 : 0).register(registry);
    }

    /** The journal as it was seen last. */
    void saw(Depth depth) {
        journal = depth;
    }
}
