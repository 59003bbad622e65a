package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.StoredEvents;
import dev.ssecluster.event.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * The persisted events, where history does not have them any more: from the journal, then from the database. In that order,
 * because an entry leaves the journal only after its row is committed. Thread-safe; nothing here blocks.
 */
final class PersistedEvents {

    private static final int PAGE = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Executor blocking = task -> Thread.ofVirtual().name("sse-repair").start(task);
    private final LongFunction<CompletableFuture<Journal.Contents>> journal;
    private final StoredEvents stored;

    /** {@code journal} answers the entries above an id. */
    PersistedEvents(LongFunction<CompletableFuture<Journal.Contents>> journal, StoredEvents stored) {
        this.journal = journal;
        this.stored = stored;
    }

    /**
     * What was found.
     *
     * @param isWhole false when the database did not answer, or was away for so long that the journal is too long to be read
     */
    record Found(List<Event> events, boolean isWhole) {

        private static final Found NOTHING = new Found(List.of(), false);
    }

    /** Those of the targets above {@code after}, up to {@code upTo}, in no order, some of them twice. Fails when Redis is away. */
    CompletableFuture<Found> read(long after, long upTo, Set<Target> targets) {
        return journal.apply(after).thenCompose(contents -> stored(after, upTo, targets)
                .thenApply(rows -> joined(contents.events(), rows, upTo, targets)))
                .exceptionallyCompose(PersistedEvents::nothingWithoutStore);
    }

    private static CompletableFuture<Found> nothingWithoutStore(Throwable failure) {
        return LuaScript.cause(failure) instanceof StoreUnavailableException
                ? CompletableFuture.completedFuture(Found.NOTHING)
                : CompletableFuture.failedFuture(failure);
    }

    private static Found joined(List<Event> journaled, Found rows, long upTo, Set<Target> targets) {
        List<Event> events = new ArrayList<>(rows.events());
        journaled.stream()
                .filter(event -> event.id() <= upTo && targets.contains(event.target()))
                .forEach(events::add);
        return new Found(events, rows.isWhole());
    }

    private CompletableFuture<Found> stored(long after, long upTo, Set<Target> targets) {
        return CompletableFuture.supplyAsync(() -> new Found(rows(after, upTo, targets), true), blocking)
                .completeOnTimeout(Found.NOTHING, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(_ -> Found.NOTHING); // whatever it is, the clients are told
    }

    private List<Event> rows(long after, long upTo, Set<Target> targets) {
        List<Event> found = new ArrayList<>();
        long last = after;
        List<Event> page;
        do {
            page = stored.read(last, upTo, PAGE);
            page.stream().filter(event -> targets.contains(event.target())).forEach(found::add);
            last = page.isEmpty() ? upTo : page.getLast().id();
        } while (page.size() == PAGE);
        return found;
    }
}
