package dev.ssecluster.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What the store counts. */
final class StoreMeters {

    /** Messages that this node deleted, by {@code reason}: expired, old. */
    static final String DELETED = "sse.retention.deleted";

    /** Time of one run of the retention on this node, by {@code outcome}: completed, failed. */
    static final String TIME = "sse.retention.time";

    final Counter expired;
    final Counter old;
    final Timer completed;
    final Timer failed;

    StoreMeters(MeterRegistry registry) {
        this.expired = registry.counter(DELETED, "reason", "expired");
        this.old = registry.counter(DELETED, "reason", "old");
        this.completed = registry.timer(TIME, "outcome", "completed");
        this.failed = registry.timer(TIME, "outcome", "failed");
    }
}
