package dev.ssecluster.event;

import java.util.List;

/**
 * The persisted events in the database. Every call blocks and throws {@link StoreUnavailableException} when the database is
 * away or too slow. Each read sees everything committed before it began. Expired events may be among the results; the one who
 * writes them knows better whether they have expired. Thread-safe.
 */
public interface StoredEvents {

    /** One list for each range, in the order of the ranges; each ascending by id. */
    List<List<Event>> read(List<EventRange> ranges);

    /** The oldest events above {@code after}, up to and including {@code upTo}, whomever they are for; ascending by id. */
    List<Event> read(long after, long upTo, int limit);

    /** The highest id that a node of this cluster has stored; 0 when there is none. */
    long highestId();

    /** The id of the row with that event id, as a predecessor may have issued it ({@code evt_123}); 0 when there is none. */
    long idOf(String eventId);
}
