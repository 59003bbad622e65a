package dev.ssecluster.publish;

import dev.ssecluster.event.EventClock;
import dev.ssecluster.test.MemoryJournal;
import dev.ssecluster.test.MemoryStore;
import dev.ssecluster.test.MemoryUnreadCache;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.core.env.Environment;

/** A real server with the packages that take sends and list messages, but without Redis and database. */
@EnableAutoConfiguration(
        exclude = {
            DataRedisAutoConfiguration.class,
            DataRedisReactiveAutoConfiguration.class,
            DataSourceAutoConfiguration.class,
            LiquibaseAutoConfiguration.class
        })
@ComponentScan({"dev.ssecluster.body", "dev.ssecluster.console", "dev.ssecluster.limit", "dev.ssecluster.publish", "dev.ssecluster.message",
    "dev.ssecluster.problem", "dev.ssecluster.security"})
@ConfigurationPropertiesScan({"dev.ssecluster.body", "dev.ssecluster.console", "dev.ssecluster.limit", "dev.ssecluster.publish", "dev.ssecluster.message", "dev.ssecluster.security", "dev.ssecluster.store"})
public class PublishNode {

    /** For measuring the way of a send up to the backplane: nothing is recorded. */
    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(PublishNode.class);
        application.setDefaultProperties(Map.of("recording", "false", "sse.security.mode", "none"));
        application.run(args);
    }

    @Bean
    RecordingBackplane backplane(Environment environment, MemoryJournal journal) {
        return new RecordingBackplane(environment.getProperty("recording", Boolean.class, true), journal);
    }

    /** What stays in it stays there, for the tests to see. */
    @Bean
    MemoryJournal journal() {
        MemoryJournal journal = new MemoryJournal();
        journal.leaseElsewhere();
        return journal;
    }

    @Bean
    MemoryStore messageStore() {
        return new MemoryStore();
    }

    @Bean
    MemoryUnreadCache unreadCache() {
        return new MemoryUnreadCache();
    }

    /** Redis' time, microseconds. */
    @Bean
    AtomicLong redisTime() {
        return new AtomicLong(RecordingBackplane.FIRST_ID);
    }

    @Bean
    EventClock eventClock(AtomicLong redisTime) {
        return redisTime::get;
    }

    /** What a filter of a later version, or a library's, may do. */
    @Bean
    Filter failingFilter() {
        return (request, response, chain) -> {
            switch (((HttpServletRequest) request).getRequestURI()) {
                case "/api/v1/sse/test/send-error" -> ((HttpServletResponse) response).sendError(403, "a secret of the node");
                case "/api/v1/sse/test/throw" -> throw new ServletException("a secret of the node");
                default -> chain.doFilter(request, response);
            }
        };
    }
}
