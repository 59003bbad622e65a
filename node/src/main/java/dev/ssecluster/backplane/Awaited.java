package dev.ssecluster.backplane;

import java.util.concurrent.CompletableFuture;

/** What somebody waits for, until a deadline; {@link Deadlines} sees to that. */
abstract class Awaited<T> {

    final CompletableFuture<T> future = new CompletableFuture<>();
    private final long deadline;

    /**
     * @param deadline when it expires, {@link System#nanoTime}
     */
    Awaited(long deadline) {
        this.deadline = deadline;
    }

    final boolean isDone() {
        return future.isDone();
    }

    final long deadline() {
        return deadline;
    }

    /** Called by the timer once the deadline has passed; does nothing when it is done by then. */
    abstract void expire();
}
