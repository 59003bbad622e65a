package dev.ssecluster.store;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long messages are kept.
 *
 * @param retention the longest life of a message, and its life when none is asked for
 * @param cleanupInterval how often one node of the cluster deletes what has expired
 */
@ConfigurationProperties("sse.message")
public record RetentionProperties(@DefaultValue("7d") Duration retention, @DefaultValue("10m") Duration cleanupInterval) {

    public RetentionProperties {
        requirePositive("sse.message.retention", retention);
        requirePositive("sse.message.cleanup-interval", cleanupInterval);
    }

    private static void requirePositive(String property, Duration value) {
        if (value.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(property + " must be at least 1s, but is " + value);
        }
    }
}
