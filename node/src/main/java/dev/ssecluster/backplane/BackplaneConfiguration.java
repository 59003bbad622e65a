package dev.ssecluster.backplane;

import dev.ssecluster.event.EventSink;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.StoredEvents;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;

/** Makes the backplane a bean. Connects to the Redis of {@code spring.data.redis.*}, on connections of its own. */
@Configuration(proxyBeanMethods = false)
@PropertySource("classpath:dev/ssecluster/backplane/backplane.properties")
@EnableConfigurationProperties({
    BackplaneProperties.class,
    PublishProperties.class,
    HistoryProperties.class,
    JournalProperties.class,
    UnreadProperties.class,
    PresenceProperties.class,
    NodeProperties.class
})
class BackplaneConfiguration {

    @Bean
    NodeId nodeId(@Value("${sse.node.id:}") String configured) {
        return configured.isEmpty() ? NodeId.random() : new NodeId(configured);
    }

    @Bean
    RedisConnector redisConnector(DataRedisConnectionDetails details, NodeId node, BackplaneProperties properties) {
        return new RedisConnector(details, node, properties.connectTimeout());
    }

    @Bean
    RedisBackplane backplane(
            RedisConnector connector,
            NodeId node,
            EventSink sink,
            RedisClock clock,
            BackplaneProperties properties,
            PublishProperties publishing,
            HistoryProperties history,
            JournalProperties journaling,
            UnreadProperties counting,
            PresenceProperties presence,
            NodeProperties membership,
            StoredEvents stored,
            ObjectProvider<MeterRegistry> registry) {
        var meters = new BackplaneMeters(registry.getIfAvailable(SimpleMeterRegistry::new));
        return new RedisBackplane(
                connector, node, sink, clock, properties, publishing, history, journaling, counting, presence, membership, stored,
                meters);
    }

    @Bean
    Journal journal(RedisBackplane backplane) {
        return backplane.journal();
    }

    @Bean
    History history(RedisBackplane backplane) {
        return backplane.history();
    }

    @Bean
    UnreadCache unreadCache(RedisBackplane backplane) {
        return backplane.unread();
    }

    @Bean
    Leases leases(RedisBackplane backplane) {
        return backplane.leases();
    }

    /** By itself, because the sink that the backplane hands events to needs it, too. */
    @Bean
    RedisClock eventClock() {
        return new RedisClock();
    }

    /** Named {@code backplane} in the health groups. */
    @Bean
    HealthIndicator backplaneHealthIndicator(Backplane backplane) {
        return new BackplaneHealthIndicator(backplane);
    }
}
