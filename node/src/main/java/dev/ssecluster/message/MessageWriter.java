package dev.ssecluster.message;

import dev.ssecluster.backplane.Journal.Removal;
import dev.ssecluster.batch.Batcher;
import dev.ssecluster.event.Event;
import dev.ssecluster.store.StoreOutcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

/**
 * Gets accepted events from the journal into the database, by group commit: while one insert is under way events gather, and
 * go together in the next. After the commit their journal entries are removed, and only then are they stored for good: until
 * its entry was removed after its commit, whoever read the journal first and the database after it has seen the event.
 *
 * <p>An event is answered in bounded time. One that is not in the database by then stays in the queue; one for which there is no
 * room, or no database, is left to {@link Recovery}. Thread-safe; nothing here blocks.
 */
@Component
public final class MessageWriter {

    private static final CompletableFuture<Written> JOURNALED = CompletableFuture.completedFuture(Written.JOURNALED);

    /** Rows of one call. */
    static final int MOST_ROWS = 500;

    private final StoreCalls store;
    private final Removals removals;
    private final DeadLetters deadLetters;
    private final WriterProperties properties;
    private final Batcher<JournaledEvent, CompletableFuture<Written>> commits;
    private volatile long callBegan; // nanoTime; 0: none is under way

    MessageWriter(StoreCalls store, Removals removals, DeadLetters deadLetters, WriterProperties properties) {
        this.store = store;
        this.removals = removals;
        this.deadLetters = deadLetters;
        this.properties = properties;
        this.commits = new Batcher<>(MOST_ROWS, Batcher.VIRTUAL_THREADS, batch -> CompletableFuture.completedFuture(commit(batch)));
    }

    /** One future for each event, in their order, which completes within the store timeout, never exceptionally. */
    public List<CompletableFuture<Written>> write(List<JournaledEvent> events) {
        if (store.isAway() || isOverdue() || commits.waiting() + events.size() > properties.queueLength()) {
            return Collections.nCopies(events.size(), JOURNALED);
        }
        return commits.submitAll(events).stream().map(this::answer).toList();
    }

    /** The database does not answer, though it has not failed yet: what comes now would only wait in vain. */
    private boolean isOverdue() {
        long began = callBegan;
        return began != 0 && System.nanoTime() - began > properties.storeTimeout().toNanos();
    }

    /** The timeout ends the waiting, not the way of the event. */
    private CompletableFuture<Written> answer(CompletableFuture<CompletableFuture<Written>> commit) {
        return commit.thenCompose(Function.identity())
                .orTimeout(properties.storeTimeout().toNanos(), NANOSECONDS)
                .exceptionally(_ -> commit.isDone() ? Written.UNKNOWN : Written.JOURNALED);
    }

    private List<CompletableFuture<Written>> commit(List<JournaledEvent> batch) {
        if (store.isAway()) {
            return Collections.nCopies(batch.size(), JOURNALED); // empties the queue
        }
        return call(batch)
                .map(known -> settle(batch, known))
                .orElseGet(() -> Collections.nCopies(batch.size(), JOURNALED));
    }

    private Optional<List<StoreOutcome>> call(List<JournaledEvent> batch) {
        callBegan = System.nanoTime() | 1;
        try {
            return store.store(batch.stream().map(JournaledEvent::event).toList());
        } finally {
            callBegan = 0; // or nothing would be stored any more
        }
    }

    private List<CompletableFuture<Written>> settle(List<JournaledEvent> batch, List<StoreOutcome> outcomes) {
        List<JournaledEvent> stored =
                IntStream.range(0, batch.size()).filter(i -> isStored(outcomes.get(i))).mapToObj(batch::get).toList();
        Iterator<CompletableFuture<Written>> removed = remove(stored).iterator();
        List<CompletableFuture<Written>> written = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            StoreOutcome outcome = outcomes.get(i);
            written.add(isStored(outcome) ? removed.next() : bury(batch.get(i).event(), outcome));
        }
        return written;
    }

    private static boolean isStored(StoreOutcome outcome) {
        return outcome == StoreOutcome.STORED;
    }

    private CompletableFuture<Written> bury(Event event, StoreOutcome outcome) {
        return deadLetters.bury(event, outcome).handle((_, _) -> Written.REFUSED);
    }

    private List<CompletableFuture<Written>> remove(List<JournaledEvent> stored) {
        if (stored.isEmpty()) {
            return List.of();
        }
        long deadline = System.nanoTime() + properties.storeTimeout().toNanos();
        CompletableFuture<List<Removal>> removed = removals.remove(stored.stream().map(JournaledEvent::event).toList(), deadline);
        List<CompletableFuture<Written>> written = new ArrayList<>(stored.size());
        for (int i = 0; i < stored.size(); i++) {
            int index = i;
            JournaledEvent event = stored.get(i);
            written.add(removed.thenApply(removals -> written(removals.get(index), event)));
        }
        return written;
    }

    /**
     * An entry that is gone in its own epoch was removed after a commit, ours or another node's. In another epoch, or when Redis may
     * have lost it otherwise, that may have been before our commit, and a stream that resumed in between has gone past it.
     *
     * <p>A repeated send is older than its epoch when Redis was restarted since the first. Its idempotency record was written in the
     * same step as its journal entry, so data that has the one has the other, unless that was removed after a commit: as the record
     * was found in this epoch, what is gone was not lost by the restart. Lost in another epoch, after the record was found, it
     * is unknown as ever, and the next repetition finds out. What is left is FLUSHALL, which keeps the epoch, between the two calls
     * of one repetition of a send that never reached the database; its streams were told of the gap.
     */
    private static Written written(Removal removal, JournaledEvent event) {
        boolean isInItsEpoch = removal.epoch().equals(event.epoch()) && (event.replayed() || !removal.mayBeLost());
        return removal.found() || isInItsEpoch ? Written.STORED : Written.UNKNOWN;
    }
}
