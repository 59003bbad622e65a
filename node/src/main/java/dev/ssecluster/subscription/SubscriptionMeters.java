package dev.ssecluster.subscription;

import dev.ssecluster.metric.MeterNames;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.IntSupplier;
import org.springframework.stereotype.Component;

/** The meters of this package. Thread-safe. */
@Component
final class SubscriptionMeters {

    final Timer followed;
    final Timer failed;
    private final MeterRegistry registry;

    SubscriptionMeters(MeterRegistry registry) {
        this.registry = registry;
        this.followed = timer("followed");
        this.failed = timer("failed");
    }

    private Timer timer(String outcome) {
        return Timer.builder(MeterNames.SUBSCRIPTIONS_FOLLOW).tag(MeterNames.OUTCOME, outcome)
                .description("Time until this node's streams have followed a change of their user's subscriptions").register(registry);
    }

    void observe(IntSupplier unknown) {
        Gauge.builder(MeterNames.SUBSCRIPTIONS_UNKNOWN, unknown::getAsInt).description("Users whose subscriptions could not be read").register(registry);
    }
}
