package dev.ssecluster.store;

import dev.ssecluster.event.EventClock;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Makes the stores beans. They use the database of {@code spring.datasource.*}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionProperties.class)
class StoreConfiguration {

    @Bean
    MessageStore messageStore(DataSource source) {
        return new JdbcMessageStore(new Database(source));
    }

    @Bean
    PositionStore positionStore(DataSource source, EventClock clock) {
        return new JdbcPositionStore(new Database(source), clock);
    }

    @Bean
    StoreAccess storeAccess() {
        return new StoreAccess();
    }

    @Bean
    SubscriptionStore subscriptionStore(DataSource source) {
        return new JdbcSubscriptionStore(new Database(source));
    }

    @Bean
    Retention retention(DataSource source, EventClock clock, RetentionProperties properties, MeterRegistry registry) {
        var lock = new JdbcTemplateLockProvider(JdbcTemplateLockProvider.Configuration.builder()
                .withJdbcTemplate(new JdbcTemplate(source))
                .usingDbTime()
                .build());
        return new Retention(new Database(source), lock, clock, properties, new StoreMeters(registry));
    }
}
