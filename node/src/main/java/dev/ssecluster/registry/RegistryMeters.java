package dev.ssecluster.registry;

import dev.ssecluster.backplane.Leases.Swept;
import dev.ssecluster.metric.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;

/** What the registry counts. */
final class RegistryMeters {

    final DistributionSummary batch;
    final Counter restored;
    private final Counter removed;
    private final Counter came;
    private final Counter went;
    private final MeterRegistry registry;

    RegistryMeters(MeterRegistry registry) {
        this.registry = registry;
        this.batch = registry.summary(MeterNames.REGISTRY_BATCH);
        this.restored = registry.counter(MeterNames.REGISTRY_RESTORED);
        this.removed = registry.counter(MeterNames.REGISTRY_REMOVED);
        this.came = registry.counter(MeterNames.PRESENCE_ANNOUNCED, MeterNames.STATUS, "online");
        this.went = registry.counter(MeterNames.PRESENCE_ANNOUNCED, MeterNames.STATUS, "offline");
    }

    void observe(IntSupplier leases, IntSupplier departures) {
        Gauge.builder(MeterNames.PRESENCE_LEASES, leases::getAsInt).register(registry);
        Gauge.builder(MeterNames.REGISTRY_DEPARTURES, departures::getAsInt).register(registry);
    }

    void swept(Swept swept) {
        came.increment(swept.came());
        went.increment(swept.went());
        removed.increment(swept.removed());
    }
}
