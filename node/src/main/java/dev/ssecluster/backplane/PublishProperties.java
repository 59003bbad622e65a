package dev.ssecluster.backplane;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import static dev.ssecluster.backplane.Require.between;

/**
 * Publishing through Redis.
 *
 * @param timeout time after which a send is answered, whatever Redis does, and refused by Redis; at most 1900ms, because a send
 *     is answered within 2 s
 * @param queueLength messages that may wait for Redis; more are refused at once
 * @param batchMessages messages that go to Redis in one call at most
 * @param batchSize bytes that go to Redis in one call at most, unless a single message is larger
 */
@ConfigurationProperties("sse.publish")
record PublishProperties(
        @DefaultValue("1500ms") Duration timeout,
        @DefaultValue("10000") int queueLength,
        @DefaultValue("128") int batchMessages,
        @DefaultValue("1MB") DataSize batchSize) {

    PublishProperties {
        between("sse.publish.timeout", timeout, Duration.ofMillis(50), Duration.ofMillis(1900));
        between("sse.publish.queue-length", queueLength, 1, 10_000_000);
        between("sse.publish.batch-messages", batchMessages, 1, 1_000);
        between("sse.publish.batch-size", batchSize, DataSize.ofBytes(1), DataSize.ofMegabytes(64));
    }
}
