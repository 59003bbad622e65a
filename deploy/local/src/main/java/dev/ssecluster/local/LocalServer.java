package dev.ssecluster.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A server that runs as a child process on loopback, in a temporary directory. Both are gone when it is closed and when the
 * JVM ends. Thread-safe; starting and restarting block until the server answers.
 */
public abstract sealed class LocalServer implements AutoCloseable permits LocalMariaDb, LocalRedis {

    /** Below the ports that systems give to outgoing connections: one of those could take ours between kill and restart. */
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;

    private final Product product;
    private final int port;
    private final String ready;
    private final WorkDirectory directory;
    private @Nullable ServerProcess process;

    LocalServer(Product product, int port, String ready) {
        this.product = product;
        this.port = port == 0 ? freePort() : port;
        this.ready = ready;
        this.directory = WorkDirectory.create("sse-" + product.name().toLowerCase(Locale.ROOT) + "-");
    }

    /** Fills a new data directory. */
    abstract void initialize(Path data);

    abstract List<String> command(Path data);

    /**
     * Starts a server. On a port of our choice a second try gets another one: between our look and the server's bind anybody may
     * have taken the first.
     */
    static <S extends LocalServer> S started(int port, IntFunction<S> server) {
        try {
            return started(server.apply(port));
        } catch (LocalServerException e) {
            if (port != 0) {
                throw e;
            }
            System.err.println("local-services: trying once more: " + e.getMessage());
            return started(server.apply(0));
        }
    }

    private static <S extends LocalServer> S started(S server) {
        AtExit.close(server);
        try {
            server.restartEmpty();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    public final int port() {
        return port;
    }

    /** The process id of the run of now; throws IllegalStateException when the server is down. */
    public final synchronized long pid() {
        return running().pid();
    }

    /** Stops the process without ending it (SIGSTOP): connections stay open, nothing answers. */
    public final synchronized void pause() {
        running().signal("STOP");
    }

    /** Lets a paused process go on (SIGCONT). */
    public final synchronized void resume() {
        running().signal("CONT");
    }

    /** Ends the process at once (SIGKILL), paused or not. Its data stay on disk. */
    public final synchronized void kill() {
        if (process != null) {
            process.kill();
            process = null;
        }
    }

    /** Kills the process if it runs, and starts it again on the same port with what it had on disk. */
    public final synchronized void restart() {
        kill();
        start(directory.path().resolve("data"));
    }

    /** Kills the process if it runs, and starts it again on the same port without its data. */
    public final synchronized void restartEmpty() {
        kill();
        Path data = directory.renew("data");
        initialize(data);
        start(data);
    }

    /** Ends the process and removes its directory. */
    @Override
    public final synchronized void close() {
        kill();
        directory.close();
        AtExit.forget(this);
    }

    private void start(Path data) {
        process = ServerProcess.start(product, command(data), logFile(), ready);
    }

    final Path logFile() {
        return directory.path().resolve("log");
    }

    private ServerProcess running() {
        if (process == null) {
            throw new IllegalStateException(product + " is down");
        }
        return process;
    }

    /** A port of loopback on which nothing listens now, and which the system does not give to outgoing connections. */
    public static int freePort() {
        for (;;) {
            int candidate = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            if (isFree(candidate)) {
                return candidate;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
