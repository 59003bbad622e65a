package dev.ssecluster.backplane;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import redis.embedded.RedisServer;

/** A real Redis of the test class's own, which it may pause, stop and start. */
final class RedisServerExtension implements BeforeAllCallback, AfterAllCallback, AutoCloseable {

    private static final Pattern PROCESS_ID = Pattern.compile("process_id:(\\d+)");

    private final int port = freePort();
    private @Nullable RedisServer server;
    private @Nullable RedisClient client;
    private @Nullable StatefulRedisConnection<byte[], byte[]> connection;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        close();
    }

    /** For tests that start it themselves. */
    @Override
    public void close() throws IOException {
        if (client != null) {
            client.shutdown();
        }
        stop();
    }

    void start() throws IOException {
        server = RedisServer.builder()
                .port(port)
                .setting("save \"\"")
                .setting("maxmemory-policy noeviction")
                .build();
        server.start();
    }

    /** Stops it; its data is gone. */
    void stop() throws IOException {
        if (server != null) {
            server.stop();
            server = null;
            connection = null;
        }
    }

    int port() {
        return port;
    }

    DataRedisConnectionDetails details() {
        return details(port);
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
        if (client == null) {
            client = RedisClient.create("redis://127.0.0.1:" + port);
        }
        if (connection == null) {
            connection = client.connect(ByteArrayCodec.INSTANCE);
        }
        return connection;
    }

    RedisCommands<byte[], byte[]> redis() {
        return connection().sync();
    }

    /** Stops the process in its tracks, as a long fork or a frozen virtual machine does. */
    void pause(long pid) {
        signal("STOP", pid);
    }

    void resume(long pid) {
        signal("CONT", pid);
    }

    long pid() {
        Matcher matcher = PROCESS_ID.matcher(redis().info("server"));
        if (!matcher.find()) {
            throw new IllegalStateException("INFO server has no process_id");
        }
        return Long.parseLong(matcher.group(1));
    }

    private static void signal(String name, long pid) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
