package dev.ssecluster.loadtest;

import java.io.PrintStream;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The program that a node is trained with, before the JVM writes what it learned to an AOT cache: it makes every call that
 * clients make, over and over, for {@code --seconds}, through {@code --streams} callers at once. It takes the options of the
 * load test; the rate does not count. It ends with 0 when every call had the answer that it should have, otherwise with 1: a
 * cache that was trained with refusals would make refusals fast.
 */
public final class Exercise {

    private static final int CALLERS = 4;

    private final Options options;
    private final AtomicLong calls = new AtomicLong();
    private final PrintStream err;

    private Exercise(Options options, PrintStream err) {
        this.options = options;
        this.err = err;
    }

    public static void main(String... arguments) {
        System.exit(run(System.out, System.err, arguments));
    }

    /** Returns the exit status. */
    static int run(PrintStream out, PrintStream err, String... arguments) {
        try {
            Exercise exercise = new Exercise(CommandLine.parse(arguments), err);
            boolean good = exercise.run();
            out.printf("%d calls made%n", exercise.calls.get());
            return good ? 0 : 1;
        } catch (CommandLine.UsageException e) {
            err.println("exercise: " + e.getMessage());
            return 2;
        }
    }

    private boolean run() {
        long end = System.nanoTime() + Duration.ofSeconds(options.seconds()).toNanos();
        AtomicLong faults = new AtomicLong();
        try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < CALLERS; caller++) {
                Calls all = new Calls(http, options.nodes().get(caller % options.nodes().size()), "exercise-" + caller);
                threads.execute(() -> repeat(all, end, faults));
            }
        }
        return faults.get() == 0;
    }

    private void repeat(Calls all, long end, AtomicLong faults) {
        try {
            do {
                calls.addAndGet(all.makeAll());
            } while (faults.get() == 0 && System.nanoTime() - end < 0);
        } catch (Calls.WrongAnswerException e) {
            faults.incrementAndGet();
            err.println("exercise: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
