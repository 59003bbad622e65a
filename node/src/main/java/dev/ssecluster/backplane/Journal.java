package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The persisted events in Redis that are not in the database yet. A send appends to it in the same step in which it is
 * published; an entry leaves it only after its row is committed. So who reads the journal first and the database after it finds
 * every persisted event. Thread-safe; nothing here blocks. Every future completes exceptionally with {@link
 * BackplaneUnavailableException} while Redis is away.
 */
public interface Journal {

    /**
     * The entries above {@code after}, ascending. Who asks while a read is under way shares the next one. Completes exceptionally with
     * {@link dev.ssecluster.event.StoreUnavailableException} when there are more than a node can hold, because the database has been
     * away for long; readers who ask for less are not concerned.
     */
    CompletableFuture<Contents> read(long after);

    /**
     * After the commit: removes the entries, clears the unread marks of their users and tells the nodes that their unread
     * counts have changed. One answer for each event, in their order.
     */
    CompletableFuture<List<Removal>> remove(Collection<Event> stored);

    /** Puts an event that the database refuses for good aside, and removes its entry. */
    CompletableFuture<Void> bury(Event event, String reason);

    /**
     * Entries that have been there for at least {@code age}, at most {@code limit}, ascending, if this node holds or gets the
     * cluster's lease for storing them; else none. The lease ends by itself after {@code lease}.
     */
    CompletableFuture<List<Event>> abandoned(Duration age, Duration lease, int limit);

    /** How many entries there are, and the age of the oldest. */
    CompletableFuture<Depth> depth();

    /**
     * An id up to which every persisted event is in the database, if it is anywhere: for who cannot read the journal. While Redis is
     * away it is the last one that this node knew, because it stays true; exceptionally only when it knew none.
     */
    CompletableFuture<Long> settled();

    /**
     * What a read found.
     *
     * @param fence the highest id issued at the moment of the read
     */
    record Contents(List<Event> events, long fence) {

        /** The lowest id of the target's messages; {@link Long#MAX_VALUE} when it has none. */
        public long oldestOf(Target target) {
            return events.stream().filter(event -> event.target().equals(target)).mapToLong(Event::id).min().orElse(Long.MAX_VALUE);
        }
    }

    /**
     * What became of an entry.
     *
     * @param found whether it was there until now
     * @param mayBeLost whether it is not there and Redis may have lost data since it was written; else it was removed
     * @param epoch in which it was looked for
     */
    record Removal(boolean found, boolean mayBeLost, String epoch) {}

    /**
     * The size of the journal.
     *
     * @param settled the id before its first entry; the highest id issued when there is none
     */
    record Depth(long entries, Duration oldest, long settled) {}
}
