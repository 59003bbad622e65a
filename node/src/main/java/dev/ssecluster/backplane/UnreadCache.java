package dev.ssecluster.backplane;

import java.util.concurrent.CompletableFuture;

/**
 * How many messages each user has not read, as last counted in the database, shared by all nodes. It is invalidated, never
 * counted up or down: who changes something marks the user dirty before the commit and clears the mark after it, and a count is
 * kept only under a lease that every such mark revokes. A persisted send to a user marks it in the step in which it is published,
 * {@link Journal#remove} clears that mark.
 *
 * <p>For a minute after Redis may have lost marks, nothing is kept. Thread-safe; nothing here blocks. Every future completes
 * exceptionally with {@link BackplaneUnavailableException} while Redis is away.
 */
public interface UnreadCache {

    /** What is known of the user's count. */
    CompletableFuture<Lookup> look(String user);

    /**
     * Keeps a count that was read from the database after {@link #look} had answered with that lease. Does nothing when something
     * changed meanwhile.
     *
     * @param nextExpiry when the first of the messages expires, microseconds by Redis' clock; 0: none does
     */
    CompletableFuture<Void> store(String user, String lease, long count, long nextExpiry);

    /**
     * Before the commit of what changes the user's count: drops it, and keeps anybody from keeping one for a minute or until
     * {@link #changed}. Who gets no answer must not commit: a count from before would stay.
     *
     * @return a token for {@link #changed}
     */
    CompletableFuture<String> change(String user);

    /** After the commit, or when it did not come to one: clears the mark, and tells all nodes that the count may have changed. */
    CompletableFuture<Void> changed(String user, String token);

    /** What {@link #look} found. */
    sealed interface Lookup {

        /**
         * The count.
         *
         * @param nextExpiry when the first of the messages expires, microseconds by Redis' clock; 0: none does
         */
        record Cached(long count, long nextExpiry) implements Lookup {}

        /** There is none: count, and {@link #store} it with this lease. Others may have the same one. */
        record Missing(String lease) implements Lookup {}

        /** Something is changing: count, and keep nothing. */
        record Dirty() implements Lookup {}
    }
}
