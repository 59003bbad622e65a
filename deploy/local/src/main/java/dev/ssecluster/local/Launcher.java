package dev.ssecluster.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts child processes that die with this JVM, even when it is killed with SIGKILL: on Linux through {@code setpriv},
 * which asks the kernel for that. The kernel means the thread that started the child, not the process, so all children
 * are started by one thread that never ends. Elsewhere the exit hook must do.
 */
public final class Launcher {

    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("local-services-launcher").daemon().factory());
    private static final List<String> DIE_WITH_PARENT = List.of("setpriv", "--pdeathsig", "KILL", "--");
    private static final List<String> PREFIX = works(DIE_WITH_PARENT) ? DIE_WITH_PARENT : List.of();

    private Launcher() {}

    /** Starts the command; the process has the builder's directory, environment and redirects. */
    public static Process start(ProcessBuilder builder) throws IOException {
        List<String> command = new ArrayList<>(PREFIX);
        command.addAll(builder.command());
        try {
            return THREAD.submit(() -> builder.command(command).start()).get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while starting " + command, e);
        }
    }

    private static boolean works(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor() == 0;
        } catch (IOException e) {
            return false; // not installed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
