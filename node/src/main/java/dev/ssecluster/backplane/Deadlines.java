package dev.ssecluster.backplane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends what waits too long. All entries have the same timeout, so the oldest expires first, and one timer for it serves all of
 * them: an entry costs a place in a queue, no timer of its own. Thread-safe.
 */
final class Deadlines {

    private final ScheduledExecutorService timer;
    private final Queue<Awaited<?>> queue = new ArrayDeque<>(); // guarded by this
    private boolean armed; // guarded by this

    Deadlines(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    synchronized void add(Awaited<?> awaited) {
        dropDone();
        queue.add(awaited);
        if (!armed) {
            arm(awaited);
        }
    }

    private void arm(Awaited<?> next) {
        armed = true;
        var _ = timer.schedule(this::expireDue, next.deadline() - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void expireDue() {
        takeDue().forEach(Awaited::expire);
    }

    private synchronized List<Awaited<?>> takeDue() {
        long now = System.nanoTime();
        List<Awaited<?>> due = new ArrayList<>();
        dropDone();
        while (!queue.isEmpty() && queue.element().deadline() - now <= 0) {
            due.add(queue.remove());
            dropDone();
        }
        armed = false;
        if (!queue.isEmpty()) {
            arm(queue.element());
        }
        return due;
    }

    private void dropDone() {
        while (!queue.isEmpty() && queue.element().isDone()) {
            queue.remove();
        }
    }
}
