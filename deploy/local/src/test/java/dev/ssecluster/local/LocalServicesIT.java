package dev.ssecluster.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** However the supervising JVM ends, its servers end with it. */
class LocalServicesIT {

    @TempDir
    private Path temporary;

    private Process supervisor;
    private List<ProcessHandle> servers;

    @BeforeEach
    void start() throws IOException {
        supervisor = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp", System.getProperty("java.class.path"),
                LocalServices.class.getName(), "redis", "mariadb")
                .redirectErrorStream(true) // so that a failed assertion shows it
                .start();
        BufferedReader out = supervisor.inputReader();
        assertThat(Stream.generate(() -> readLine(out)).takeWhile(line -> !line.equals("ready")))
                .anyMatch(line -> line.startsWith("redis.url=redis://127.0.0.1:"))
                .anyMatch(line -> line.startsWith("mysql.url=jdbc:mysql://127.0.0.1:"))
                .contains("mysql.username=sse", "mysql.password=sse");
        servers = supervisor.children().toList();
        assertThat(servers).hasSize(2);
    }

    @AfterEach
    void stop() {
        supervisor.destroyForcibly();
    }

    @Test
    void whenItsInputEndsThenStopsAndLeavesNothing() throws Exception {
        supervisor.getOutputStream().close();
        assertGone();
        assertNoDirectoryRemains();
        assertThat(supervisor.exitValue()).isZero();
    }

    @Test
    void whenTerminatedThenStopsAndLeavesNothing() throws Exception {
        supervisor.destroy();
        assertGone();
        assertNoDirectoryRemains();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whenKilledThenTheServersDieToo() throws Exception {
        supervisor.destroyForcibly();
        assertGone();
    }

    private void assertGone() throws InterruptedException {
        assertThat(supervisor.waitFor(10, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(() -> assertThat(servers).noneMatch(ProcessHandle::isAlive));
    }

    private void assertNoDirectoryRemains() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("sse-"))).isEmpty();
        }
    }

    private static String readLine(BufferedReader reader) {
        try {
            String line = reader.readLine();
            return line == null ? "ready" : line;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
