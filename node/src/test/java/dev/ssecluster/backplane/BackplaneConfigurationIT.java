package dev.ssecluster.backplane;

import dev.ssecluster.event.EventSink;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.StoredEvents;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The backplane as a part of the application. */
class BackplaneConfigurationIT {

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataRedisAutoConfiguration.class,
                    DataRedisHealthContributorAutoConfiguration.class,
                    ApplicationAvailabilityAutoConfiguration.class,
                    AvailabilityHealthContributorAutoConfiguration.class,
                    HealthContributorRegistryAutoConfiguration.class,
                    HealthEndpointAutoConfiguration.class))
            .withUserConfiguration(BackplaneConfiguration.class)
            .withBean(EventSink.class, RecordingSink::new)
            .withBean(StoredEvents.class, StoredInMemory::new)
            .withPropertyValues(
                    "spring.data.redis.url=redis://127.0.0.1:" + redis.port(),
                    "management.health.readinessstate.enabled=true");

    @Test
    void whenStartedThenReadinessFollowsTheBackplane() {
        application.run(context -> {
            HealthEndpoint health = context.getBean(HealthEndpoint.class);
            await().until(() -> context.getBean(Backplane.class).isReady());
            assertThat(status(health)).isEqualTo(Status.UP);
            assertThat(health.healthForPath("redis")).isNull();
            assertThat(context.getBean(NodeId.class).value()).matches("[0-9a-f]{12}");
        });
    }

    @Test
    void whenRedisIsAbsentThenTheApplicationStartsAndIsNotReady() {
        application
                .withPropertyValues("spring.data.redis.url=redis://127.0.0.1:1", "sse.node.id=node-7")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    HealthEndpoint health = context.getBean(HealthEndpoint.class);
                    assertThat(status(health)).isEqualTo(Status.DOWN);
                    assertThat(context.getBean(NodeId.class)).hasToString("node-7");
                });
    }

    @Test
    void whenASettingMakesNoSenseThenTheApplicationDoesNotStartAndNamesIt() {
        for (String setting : new String[] {
            "sse.publish.timeout=2s",
            "sse.publish.queue-length=0",
            "sse.publish.batch-size=0B",
            "sse.history.window=0s",
            "sse.history.max-length=-1",
            "sse.backplane.probe-interval=0s",
            "sse.backplane.channel-linger=-1s"
        }) {
            String name = setting.substring(0, setting.indexOf('='));
            application.withPropertyValues(setting).run(context -> assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining(name));
        }
    }

    @Test
    void whenClusterNodesAreConfiguredThenTheApplicationDoesNotStartAndSaysWhatToSet() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
                .withUserConfiguration(BackplaneConfiguration.class)
                .withBean(EventSink.class, RecordingSink::new)
                .withBean(StoredEvents.class, StoredInMemory::new)
                .withPropertyValues("spring.data.redis.cluster.nodes=127.0.0.1:1")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("spring.data.redis.url"));
    }

    private static @Nullable Status status(HealthEndpoint health) {
        HealthDescriptor descriptor = health.healthForPath("readiness", "backplane");
        return descriptor == null ? null : descriptor.getStatus();
    }
}
