package dev.ssecluster.store;

import dev.ssecluster.metric.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What the store counts. */
final class StoreMeters {

    final Counter expired;
    final Counter old;
    final Timer completed;
    final Timer failed;

    StoreMeters(MeterRegistry registry) {
        this.expired = registry.counter(MeterNames.RETENTION_DELETED, MeterNames.REASON, "expired");
        this.old = registry.counter(MeterNames.RETENTION_DELETED, MeterNames.REASON, "old");
        this.completed = registry.timer(MeterNames.RETENTION_TIME, MeterNames.OUTCOME, "completed");
        this.failed = registry.timer(MeterNames.RETENTION_TIME, MeterNames.OUTCOME, "failed");
    }
}
