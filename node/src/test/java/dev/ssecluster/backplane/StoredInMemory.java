package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.StoredEvents;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A database without a database, for tests of what happens to Redis. */
final class StoredInMemory implements StoredEvents {

    final NavigableMap<Long, Event> rows = new ConcurrentSkipListMap<>();
    volatile boolean isAway;

    @Override
    public List<List<Event>> read(List<EventRange> ranges) {
        throw new UnsupportedOperationException("The backplane reads by id");
    }

    @Override
    public List<Event> read(long after, long upTo, int limit) {
        if (isAway) {
            throw new StoreUnavailableException("away", new IllegalStateException());
        }
        return rows.subMap(after, false, upTo, true).values().stream().limit(limit).toList();
    }

    @Override
    public long highestId() {
        return rows.isEmpty() ? 0 : rows.lastKey();
    }

    @Override
    public long idOf(String eventId) {
        return 0;
    }
}
