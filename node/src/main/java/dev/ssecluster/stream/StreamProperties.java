package dev.ssecluster.stream;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the streams.
 *
 * @param heartbeatInterval how often a quiet stream is written to; the real period is a tenth shorter
 * @param clientTimeout a peer that stopped acknowledging without closing is noticed within this time; longer than the
 *     heartbeat interval
 * @param sendTimeout a stream whose peer takes nothing for this long is closed
 * @param queueBytes events that may wait for one slow stream
 * @param maxStreams streams this node accepts
 * @param maxGroups groups one stream may name
 * @param maxLifetime a stream older than this is ended, and its client comes back, perhaps to another node; each stream's is up
 *     to a tenth shorter, so that those which began together do not end together. 0: none is
 * @param retryMin shortest reconnect delay told to a client
 * @param retryMax longest reconnect delay told to a client; each stream gets a random one in between, because browsers do
 *     not spread their reconnects
 * @param shards delivery threads, each of which owns its streams alone; 0: one for each processor
 * @param acceptQueue connections that may wait to be accepted; the kernel's {@code net.core.somaxconn} also limits it
 * @param sendBuffer the kernel's send buffer for each connection; bounds what a stalled peer costs outside the queue
 */
@ConfigurationProperties("sse.stream")
public record StreamProperties(
        @DefaultValue("30s") Duration heartbeatInterval,
        @DefaultValue("90s") Duration clientTimeout,
        @DefaultValue("5s") Duration sendTimeout,
        @DefaultValue("256KB") DataSize queueBytes,
        @DefaultValue("100000") int maxStreams,
        @DefaultValue("100") int maxGroups,
        @DefaultValue("0") Duration maxLifetime,
        @DefaultValue("1s") Duration retryMin,
        @DefaultValue("5s") Duration retryMax,
        @DefaultValue("0") int shards,
        @DefaultValue("8192") int acceptQueue,
        @DefaultValue("64KB") DataSize sendBuffer) {

    static final int MOST_SHARDS = 64; // Topic keeps a bit for each

    public StreamProperties {
        positive("heartbeat-interval", heartbeatInterval);
        positive("send-timeout", sendTimeout);
        positive("retry-min", retryMin);
        Assert.isTrue(clientTimeout.compareTo(heartbeatInterval) > 0,
                "sse.stream.client-timeout must be longer than sse.stream.heartbeat-interval");
        Assert.isTrue(retryMax.compareTo(retryMin) >= 0, "sse.stream.retry-max must not be shorter than sse.stream.retry-min");
        Assert.isTrue(queueBytes.toBytes() >= 1024 && queueBytes.toBytes() <= 1 << 30,
                "sse.stream.queue-bytes must be between 1KB and 1GB");
        Assert.isTrue(maxStreams > 0, "sse.stream.max-streams must be positive");
        Assert.isTrue(maxGroups > 0, "sse.stream.max-groups must be positive");
        Assert.isTrue(maxLifetime.isZero() || maxLifetime.toMillis() >= 1000,
                "sse.stream.max-lifetime must be 0 or at least 1s");
        Assert.isTrue(shards >= 0 && shards <= MOST_SHARDS, "sse.stream.shards must be between 0 and " + MOST_SHARDS);
        Assert.isTrue(acceptQueue > 0, "sse.stream.accept-queue must be positive");
        Assert.isTrue(sendBuffer.toBytes() >= 4096 && sendBuffer.toBytes() <= 1 << 30,
                "sse.stream.send-buffer must be between 4KB and 1GB");
    }

    private static void positive(String name, Duration value) {
        Assert.isTrue(value.toMillis() > 0, () -> "sse.stream." + name + " must be at least 1ms");
    }

    int shardCount() {
        return shards > 0 ? shards : Math.min(MOST_SHARDS, Runtime.getRuntime().availableProcessors());
    }
}
