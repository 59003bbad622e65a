package dev.ssecluster.backplane;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Part of readiness: a node whose backplane does not work gets no new streams and sends. Never blocks. */
final class BackplaneHealthIndicator implements HealthIndicator {

    private final Backplane backplane;

    BackplaneHealthIndicator(Backplane backplane) {
        this.backplane = backplane;
    }

    @Override
    public Health health() {
        return backplane.isReady() ? Health.up().build() : Health.down().build();
    }
}
