package dev.ssecluster.test;

import dev.ssecluster.SseClusterNode;
import dev.ssecluster.local.Launcher;
import dev.ssecluster.local.LocalServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.awaitility.Awaitility.await;

/**
 * A node in a process of its own, to be ill-treated; for loopback only. It runs the classes that the test runs, writes its log
 * to {@code target/nodes} and dies with the test's JVM, even when that is killed.
 */
public final class NodeProcess implements AutoCloseable {

    private static final Path DIRECTORY = Path.of("target", "nodes");
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration END_LIMIT = Duration.ofSeconds(30);

    private final int port = LocalServer.freePort();
    private final int managementPort = LocalServer.freePort();
    private final Process process;

    private NodeProcess(Map<String, Object> services, String... settings) {
        try {
            process = Launcher.start(new ProcessBuilder(command(services, settings))
                    .redirectErrorStream(true)
                    .redirectOutput(log().toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a node", e);
        }
    }

    /** Starts a node with the properties of its services and further settings {@code name=value}, without waiting. */
    public static NodeProcess launch(Map<String, Object> services, String... settings) {
        return new NodeProcess(services, settings);
    }

    /** Starts a node and waits until it says that it is ready. */
    public static NodeProcess start(Map<String, Object> services, String... settings) {
        return launch(services, settings).awaitReady();
    }

    /** One compiler that starts fast and a small heap: the node lives for seconds, beside the test and on the same cores. */
    private List<String> command(Map<String, Object> services, String... settings) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + DIRECTORY.toAbsolutePath(), // a killed one does not clean up
                "-cp", System.getProperty("java.class.path"),
                SseClusterNode.class.getName(),
                "--server.port=" + port, "--management.server.port=" + managementPort, "--sse.security.mode=none",
                "--springdoc.api-docs.enabled=false")); // starts sooner
        services.forEach((name, value) -> command.add("--" + name + "=" + value));
        for (String setting : settings) {
            command.add("--" + setting);
        }
        return command;
    }

    private Path log() throws IOException {
        return Files.createDirectories(DIRECTORY).resolve("node-" + port + ".log");
    }

    /** What it has logged so far. */
    public List<String> logLines() {
        try {
            return Files.readAllLines(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public NodeProcess awaitReady() {
        await().atMost(START_LIMIT).pollInterval(Duration.ofMillis(50)).until(this::isReady);
        return this;
    }

    /** What its readiness says over HTTP. */
    public boolean isReady() {
        if (!process.isAlive()) {
            throw new IllegalStateException("The node on port " + port + " has ended; its log is in target/nodes");
        }
        return new Api(managementPort).isUp();
    }

    public int port() {
        return port;
    }

    public int managementPort() {
        return managementPort;
    }

    public Api api() {
        return new Api(port);
    }

    /** Stops it without ending it (SIGSTOP): connections stay open, nothing answers. */
    public void pause() {
        signal("STOP");
    }

    /** Lets a paused node go on (SIGCONT). */
    public void resume() {
        signal("CONT");
    }

    /** Ends it at once (SIGKILL), at whatever instruction it is. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Asks it to end (SIGTERM) and waits until it has. */
    public void terminate() {
        process.destroy();
        awaitEnd();
    }

    private void awaitEnd() {
        await().atMost(END_LIMIT).pollInterval(Duration.ofMillis(2)).until(() -> !process.isAlive());
    }

    private void signal(String name) {
        try {
            // The shell's own kill: the program of that name is not installed everywhere.
            int code = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).inheritIO().start().waitFor();
            if (code != 0) {
                throw new IllegalStateException("The node on port " + port + " is not running");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot signal a node", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
