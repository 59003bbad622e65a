package dev.ssecluster.registry;

import dev.ssecluster.backplane.Leases;
import dev.ssecluster.backplane.NodeProperties;
import dev.ssecluster.backplane.PresenceProperties;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.stream.Streams;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the registry a bean. */
@Configuration(proxyBeanMethods = false)
class RegistryConfiguration {

    @Bean
    RunningRegistry runningRegistry(Leases leases, NodeId id, LocalStreams streams, ThisNode node,
            PresenceProperties presence, NodeProperties membership, UserLimit limit, MeterRegistry meters) {
        return new RunningRegistry(leases, id, streams, node::info, presence.refreshInterval(), membership.renewInterval(),
                limit, new RegistryMeters(meters));
    }

    @Bean
    Registry registry(RunningRegistry running, Streams streams) {
        LeaseRegistry registry = running.registry();
        streams.onRegistered(stream -> registry.expect(stream.connectionId()));
        streams.onClosed(stream -> registry.left(stream.info()));
        return registry;
    }
}
