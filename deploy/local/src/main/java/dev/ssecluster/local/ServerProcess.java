package dev.ssecluster.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One run of a server, with its output in a file. */
final class ServerProcess {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final int LINES_TOLD = 5;
    private static final Path NO_INPUT = Path.of("/dev/null");

    private final Product product;
    private final Process process;
    private final Path log;

    private ServerProcess(Product product, Process process, Path log) {
        this.product = product;
        this.process = process;
        this.log = log;
    }

    /** Starts the command and waits until its output contains the text. */
    static ServerProcess start(Product product, List<String> command, Path log, String ready) {
        ServerProcess started = new ServerProcess(product, launch(product, command, NO_INPUT, log), log);
        try {
            started.awaitOutput(ready);
            return started;
        } catch (RuntimeException e) {
            started.kill();
            throw e;
        }
    }

    /** Runs the command to its end with that input. */
    static void run(Product product, List<String> command, Path input, Path log) {
        ServerProcess started = new ServerProcess(product, launch(product, command, input, log), log);
        try {
            started.awaitSuccess();
        } finally {
            started.kill();
        }
    }

    private static Process launch(Product product, List<String> command, Path input, Path log) {
        try {
            Files.deleteIfExists(log); // of the run before, so that its "ready" is not taken for ours
            return Launcher.start(new ProcessBuilder(command)
                    .redirectInput(input.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile()));
        } catch (IOException e) {
            throw product.cannotRun(e.toString());
        }
    }

    private void awaitSuccess() {
        if (!hasEndedWithin(START_LIMIT) || process.exitValue() != 0) {
            throw product.cannotRun("it could not be initialized, " + lastLines());
        }
    }

    private void awaitOutput(String text) {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!output().contains(text)) {
            if (hasEndedWithin(POLL)) {
                throw product.cannotRun("it ended at once, " + lastLines());
            }
            if (System.nanoTime() > end) {
                throw product.cannotRun("not ready after " + START_LIMIT.toSeconds() + " s, " + lastLines());
            }
        }
    }

    private boolean hasEndedWithin(Duration time) {
        try {
            return process.waitFor(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServerException("Interrupted while " + product + " was starting", e);
        }
    }

    private String output() {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + log, e);
        }
    }

    /** The cause often stands a few lines above the last one. */
    private String lastLines() {
        List<String> lines = output().lines().filter(line -> !line.isBlank()).map(String::strip).toList();
        return lines.isEmpty() ? "without a word" : String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size()));
    }

    long pid() {
        return process.pid();
    }

    /** Ends the process at once, paused or not, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        boolean interrupted = Thread.interrupted();
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a signal by its name, such as {@code STOP}. */
    void signal(String name) {
        try {
            // The shell's own kill: the program of that name is not installed everywhere.
            int code = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid()).inheritIO().start().waitFor();
            if (code != 0) {
                throw new IllegalStateException(product + " is not running");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot signal " + product, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServerException("Interrupted while signalling " + product, e);
        }
    }
}
