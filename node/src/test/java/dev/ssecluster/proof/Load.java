package dev.ssecluster.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Does something again and again, on threads of its own, until it is closed. What it throws comes out of {@link #close}. */
final class Load implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Future<?>> work = new ArrayList<>();

    private Load() {}

    /** With a pause after each time. */
    static Load start(int threads, Duration pause, Runnable action) {
        Load load = new Load();
        Callable<Void> loop = () -> {
            do {
                action.run();
            } while (!load.stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS));
            return null;
        };
        for (int i = 0; i < threads; i++) {
            load.work.add(load.threads.submit(loop));
        }
        return load;
    }

    /** Lets that time pass under load, less when it fails. */
    void goOn(Duration time) throws InterruptedException {
        var _ = stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends it, after what is under way. */
    @Override
    public void close() {
        stopped.countDown();
        threads.close();
        for (Future<?> each : work) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new AssertionError(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
