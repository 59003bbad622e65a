package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
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

    /** The entries above {@code after}, ascending. Who asks while a read is under way shares the next one. */
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
     * What a read found.
     *
     * @param fence the highest id issued at the moment of the read
     */
    record Contents(List<Event> events, long fence) {}

    /**
     * What became of an entry.
     *
     * @param found whether it was there until now
     * @param mayBeLost whether it is not there and Redis may have lost data since it was written; else it was removed
     * @param epoch in which it was looked for
     */
    record Removal(boolean found, boolean mayBeLost, String epoch) {}

    /** The size of the journal. */
    record Depth(long entries, Duration oldest) {}
}
