package dev.ssecluster.message;

import dev.ssecluster.backplane.Journal;
import dev.ssecluster.backplane.Journal.Removal;
import dev.ssecluster.event.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.springframework.stereotype.Component;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

/**
 * Removes stored events from the journal. While Redis is away it asks again, as long as somebody waits for the answer; what it
 * leaves there is found by {@link Recovery}. Thread-safe; nothing here blocks.
 */
@Component
final class Removals {

    private static final Executor A_LITTLE_LATER = CompletableFuture.delayedExecutor(50, MILLISECONDS);

    private final Journal journal;

    Removals(Journal journal) {
        this.journal = journal;
    }

    /**
     * One answer for each event, in their order; exceptionally when Redis has not answered by then.
     *
     * @param deadline {@link System#nanoTime}
     */
    CompletableFuture<List<Removal>> remove(List<Event> stored, long deadline) {
        return journal.remove(stored).exceptionallyCompose(failure -> System.nanoTime() - deadline < 0
                ? later(stored, deadline)
                : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<List<Removal>> later(List<Event> stored, long deadline) {
        return CompletableFuture.runAsync(() -> {}, A_LITTLE_LATER).thenCompose(_ -> remove(stored, deadline));
    }
}
