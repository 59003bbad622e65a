package dev.ssecluster.store;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.StoredEvents;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages in the database. Every call blocks and throws {@link dev.ssecluster.event.StoreUnavailableException} when the
 * database is away or too slow; nothing is known then about what was to be written. Thread-safe.
 */
public interface MessageStore extends StoredEvents {

    /**
     * Stores the events, in as few transactions as possible, with status 0 for users and clients and 1 for groups and
     * broadcasts. Storing an event again changes nothing. Events that the database refuses for good do not keep it from storing the others.
     *
     * @return one outcome for each event, in their order; all of them are committed. When it throws, some may be
     */
    List<StoreOutcome> store(List<Event> events);

    /**
     * The user's messages after {@code after}, oldest first, by its class positions; without it those with status 0 beyond
     * the user's position. Expired ones are not among them.
     *
     * @param now microseconds by Redis' clock
     */
    List<StoredMessage> pending(String user, @Nullable Cursor after, long now, int limit);

    /**
     * The user's messages, newest first, below {@code before} if given, of that status if given. Expired ones are not among them.
     *
     * @param before an id
     * @param now microseconds by Redis' clock
     */
    List<StoredMessage> inbox(String user, @Nullable Integer status, @Nullable Long before, long now, int limit);

    /** Marks those of the user's unread messages as read that have one of these event ids; answers how many. */
    int markRead(String user, Collection<String> eventIds);

    /** Marks the user's unread messages as read up to the cursor's position of each priority; answers how many. */
    int markReadUpTo(String user, Cursor upTo);

    /**
     * How many messages to the user are neither read nor expired.
     *
     * @param now microseconds by Redis' clock
     */
    Unread unread(String user, long now);

    /** Which of these event ids are stored. */
    Collection<String> existing(Collection<String> eventIds);

    /**
     * A count of unread messages.
     *
     * @param nextExpiry when the first of them expires, microseconds by Redis' clock; 0 when none does
     */
    record Unread(long count, long nextExpiry) {}
}
