package dev.ssecluster.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Runs the named ones of {@code redis} and {@code mariadb}, both at once, for {@code cluster.sh}. Prints
 * {@code redis.url=}, {@code mysql.url=}, {@code mysql.username=}, {@code mysql.password=} and then {@code ready}; or
 * one line on the error stream, and ends with 1. A server that ends by itself later is {@code ended=} and its name. Stops when its input ends, or by SIGTERM.
 */
public final class LocalServices {

    private static final Set<String> NAMES = Set.of("redis", "mariadb");

    private LocalServices() {}

    public static void main(String[] args) throws IOException {
        try {
            start(List.of(args)).forEach(System.out::println);
            System.out.println("ready");
            awaitEndOfInput();
            System.exit(0);
        } catch (RuntimeException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static List<String> start(List<String> names) {
        if (!NAMES.containsAll(names)) {
            throw new LocalServerException("Only redis and mariadb can be started, not " + names);
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<String>>> starting = names.stream().map(name -> executor.submit(() -> start(name))).toList();
            List<String> lines = new ArrayList<>();
            for (Future<List<String>> server : starting) {
                lines.addAll(result(server));
            }
            return lines;
        }
    }

    private static List<String> start(String name) {
        if (name.equals("redis")) {
            LocalRedis redis = LocalRedis.start();
            tellOfEnd(name, redis);
            return describe(redis);
        }
        LocalMariaDb database = LocalMariaDb.start();
        tellOfEnd(name, database);
        return describe(database);
    }

    private static void tellOfEnd(String name, LocalServer server) {
        var _ = ProcessHandle.of(server.pid()).orElseThrow().onExit().thenRun(() -> System.out.println("ended=" + name));
    }

    private static List<String> describe(LocalRedis redis) {
        return List.of("redis.url=" + redis.uri());
    }

    private static List<String> describe(LocalMariaDb database) {
        return List.of(
                "mysql.url=" + database.jdbcUrl(),
                "mysql.username=" + database.username(),
                "mysql.password=" + database.password());
    }

    private static List<String> result(Future<List<String>> server) {
        try {
            return server.get();
        } catch (ExecutionException e) {
            throw new LocalServerException(messageOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServerException("Interrupted while starting", e);
        }
    }

    private static String messageOf(@Nullable Throwable cause) {
        return switch (cause) {
            case LocalServerException e -> String.valueOf(e.getMessage());
            case UncheckedIOException e -> e.getMessage() + ": " + e.getCause();
            case null, default -> String.valueOf(cause);
        };
    }

    private static void awaitEndOfInput() throws IOException {
        int read;
        do {
            read = System.in.read();
        } while (read >= 0);
    }
}
