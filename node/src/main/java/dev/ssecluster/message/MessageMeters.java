package dev.ssecluster.message;

import dev.ssecluster.backplane.Journal.Depth;
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

    /** Rows in one call to the database, with their median of late; its count is the number of calls. */
    static final String BATCH = "sse.store.batch";

    /** Time of one call to the database that stores, until its commit. */
    static final String TIME = "sse.store.time";

    /** 1 while the database takes messages, else 0. */
    static final String AVAILABLE = "sse.store.available";

    /** Entries of the journal, of the whole cluster. */
    static final String JOURNAL_ENTRIES = "sse.journal.entries";

    /** Age of the oldest entry of the journal, seconds. */
    static final String JOURNAL_AGE = "sse.journal.age";

    /** Entries that this node stored because the node that had sent them did not. */
    static final String RECOVERED = "sse.journal.recovered";

    /** Messages that the database refused for good, by {@code reason}: conflict, refused. */
    static final String BURIED = "sse.journal.buried";

    final DistributionSummary batch;
    final Timer time;
    final Counter recovered;
    final Counter conflicts;
    final Counter refused;
    private final MeterRegistry registry;
    private volatile Depth journal = new Depth(0, Duration.ZERO, 0);

    MessageMeters(MeterRegistry registry) {
        this.registry = registry;
        this.batch = DistributionSummary.builder(BATCH).publishPercentiles(0.5).register(registry);
        this.time = registry.timer(TIME);
        this.recovered = registry.counter(RECOVERED);
        this.conflicts = registry.counter(BURIED, "reason", "conflict");
        this.refused = registry.counter(BURIED, "reason", "refused");
        Gauge.builder(JOURNAL_ENTRIES, () -> journal.entries()).register(registry);
        Gauge.builder(JOURNAL_AGE, () -> journal.oldest().toMillis() / 1000.0).register(registry);
    }

    void observe(BooleanSupplier available) {
        Gauge.builder(AVAILABLE, () -> available.getAsBoolean() ? 1 : 0).register(registry);
    }

    /** The journal as it was seen last. */
    void saw(Depth depth) {
        journal = depth;
    }
}
