package dev.ssecluster.backplane;

import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.TestServices;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;

/** A real Redis of the test class's own, which it may pause, stop and start, and connections to look into it. */
final class RedisServerExtension implements BeforeAllCallback, AfterAllCallback, AutoCloseable {

    private @Nullable RedisServer server;
    private @Nullable RedisClient client;
    private @Nullable StatefulRedisConnection<byte[], byte[]> connection;

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    /** For tests that start it themselves. */
    @Override
    public void close() {
        if (client != null) {
            client.shutdown();
        }
        if (server != null) {
            server.close();
        }
    }

    /** Starts it without data. */
    void start() {
        if (server == null) {
            server = TestServices.newRedis("--maxmemory-policy", "noeviction");
        } else {
            server.restartEmpty();
        }
    }

    /** Stops it; its data is gone. */
    void stop() {
        server().kill();
        connection = null;
    }

    /** Kills it, and starts it with what SAVE wrote last. */
    void restartWithWhatWasSaved() {
        server().restart();
        connection = null;
    }

    /** Known before it is started, too. */
    int port() {
        if (server == null) {
            start();
            stop();
        }
        return URI.create(server().uri()).getPort();
    }

    DataRedisConnectionDetails details() {
        return details(port());
    }

    static DataRedisConnectionDetails details(int port) {
        return new DataRedisConnectionDetails() {
            @Override
            public Standalone getStandalone() {
                return Standalone.of("127.0.0.1", port);
            }
        };
    }

    /** A connection of the test's own. */
    StatefulRedisConnection<byte[], byte[]> connection() {
        if (connection == null) {
            connection = client().connect(ByteArrayCodec.INSTANCE);
        }
        return connection;
    }

    /** A connection that hears what is published. To be closed. */
    StatefulRedisPubSubConnection<byte[], byte[]> listen() {
        return client().connectPubSub(ByteArrayCodec.INSTANCE);
    }

    private RedisClient client() {
        if (client == null) {
            client = RedisClient.create(server().uri());
        }
        return client;
    }

    RedisCommands<byte[], byte[]> redis() {
        return connection().sync();
    }

    /** Stops the process in its tracks, as a long fork or a frozen virtual machine does. */
    void pause() {
        server().pause();
    }

    void resume() {
        server().resume();
    }

    private RedisServer server() {
        if (server == null) {
            throw new IllegalStateException("Redis was not started");
        }
        return server;
    }
}
