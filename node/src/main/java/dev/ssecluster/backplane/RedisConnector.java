package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * Opens connections to Redis. A connection that is lost stays lost and what was asked on it fails: nothing is ever sent a
 * second time behind our back, and nothing is sent before the new connection was adopted.
 */
final class RedisConnector implements AutoCloseable {

    private final ClientResources resources;
    private final RedisClient client;
    private final RedisURI uri;

    RedisConnector(DataRedisConnectionDetails details, NodeId node, Duration timeout) {
        // One event loop for each connection.
        this.resources = ClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
        this.client = RedisClient.create(resources);
        this.uri = uri(details, node, timeout);
        this.client.setOptions(options(timeout, details.getSslBundle()));
    }

    CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connect() {
        return client.connectAsync(ByteArrayCodec.INSTANCE, uri).toCompletableFuture();
    }

    <K> CompletableFuture<StatefulRedisPubSubConnection<K, byte[]>> connectPubSub(RedisCodec<K, byte[]> codec) {
        return client.connectPubSubAsync(codec, uri).toCompletableFuture();
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        var _ = resources.shutdown(0, 1, TimeUnit.SECONDS);
    }

    private static RedisURI uri(DataRedisConnectionDetails details, NodeId node, Duration timeout) {
        var standalone = details.getStandalone();
        if (standalone == null || isDistributed(details)) {
            throw new IllegalArgumentException(
                    "The backplane needs one Redis: set spring.data.redis.url, or host and port, not cluster or sentinel nodes");
        }
        RedisURI uri = RedisURI.builder()
                .withHost(standalone.getHost())
                .withPort(standalone.getPort())
                .withDatabase(standalone.getDatabase())
                .withSsl(details.getSslBundle() != null)
                .withClientName("sse-" + node.value())
                .withTimeout(timeout)
                .build();
        if (details.getPassword() != null) {
            uri.setCredentialsProvider(new StaticCredentialsProvider(
                    details.getUsername(), details.getPassword().toCharArray()));
        }
        return uri;
    }

    private static boolean isDistributed(DataRedisConnectionDetails details) {
        return details.getCluster() != null || details.getSentinel() != null || details.getMasterReplica() != null;
    }

    private static ClientOptions options(Duration timeout, @Nullable SslBundle bundle) {
        ClientOptions.Builder options = ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build()) // ours are shorter, and know what to do
                .socketOptions(socketOptions(timeout));
        return bundle == null ? options.build() : options.sslOptions(sslOptions(bundle)).build();
    }

    /** The kernel's keepalive notices a peer that vanished even while nothing else does; the probe is faster. */
    private static SocketOptions socketOptions(Duration timeout) {
        return SocketOptions.builder()
                .connectTimeout(timeout)
                .tcpNoDelay(true)
                .keepAlive(KeepAliveOptions.builder()
                        .enable()
                        .idle(Duration.ofSeconds(5))
                        .interval(Duration.ofSeconds(2))
                        .count(3)
                        .build())
                .build();
    }

    private static SslOptions sslOptions(SslBundle bundle) {
        SslOptions.Builder options = SslOptions.builder()
                .keyManager(bundle.getManagers().getKeyManagerFactory())
                .trustManager(bundle.getManagers().getTrustManagerFactory());
        if (bundle.getOptions().getCiphers() != null) {
            options.cipherSuites(bundle.getOptions().getCiphers());
        }
        if (bundle.getOptions().getEnabledProtocols() != null) {
            options.protocols(bundle.getOptions().getEnabledProtocols());
        }
        return options.build();
    }
}
