package dev.ssecluster.message;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Writing messages into the database.
 *
 * @param storeTimeout time that a send waits for the database, and then for Redis to forget its journal entry
 * @param queueLength messages that may wait for the database; more stay in the journal, and their sends are answered 202 at once
 */
@ConfigurationProperties("sse.message")
record WriterProperties(@DefaultValue("2s") Duration storeTimeout, @DefaultValue("10000") int queueLength) {

    WriterProperties {
        if (storeTimeout.toMillis() < 50 || storeTimeout.compareTo(Duration.ofSeconds(30)) > 0) {
            throw new IllegalArgumentException("sse.message.store-timeout must be from 50ms to 30s, but is " + storeTimeout);
        }
        if (queueLength < 1) {
            throw new IllegalArgumentException("sse.message.queue-length must be at least 1, but is " + queueLength);
        }
    }
}
