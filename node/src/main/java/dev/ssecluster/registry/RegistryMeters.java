package dev.ssecluster.registry;

import dev.ssecluster.backplane.Leases.Swept;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;

/** What the registry counts. */
final class RegistryMeters {

    /** Streams that came, were refreshed or went, in one call to Redis; its count is the number of calls. */
    static final String BATCH = "sse.registry.batch";

    /** Times that this node wrote all its streams again, because their leases had ended or may have been lost. */
    static final String RESTORED = "sse.registry.restored";

    /** Streams of dead nodes that this node removed. */
    static final String REMOVED = "sse.registry.removed";

    /** Streams that have gone, of which Redis does not know it yet. */
    static final String DEPARTURES = "sse.registry.departures";

    /** Users who were announced by this node, by {@code status}: online, offline. */
    static final String ANNOUNCED = "sse.presence.announced";

    final DistributionSummary batch;
    final Counter restored;
    private final Counter removed;
    private final Counter came;
    private final Counter went;
    private final MeterRegistry registry;

    RegistryMeters(MeterRegistry registry) {
        this.registry = registry;
        this.batch = registry.summary(BATCH);
        this.restored = registry.counter(RESTORED);
        this.removed = registry.counter(REMOVED);
        this.came = registry.counter(ANNOUNCED, "status", "online");
        this.went = registry.counter(ANNOUNCED, "status", "offline");
    }

    void observe(IntSupplier departures) {
        Gauge.builder(DEPARTURES, departures::getAsInt).register(registry);
    }

    void swept(Swept swept) {
        came.increment(swept.came());
        went.increment(swept.went());
        removed.increment(swept.removed());
    }
}
