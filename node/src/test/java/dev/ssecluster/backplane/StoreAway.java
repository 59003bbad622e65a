package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.StoredEvents;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A database that is away, but for what it said last of its highest id. */
record StoreAway(AtomicLong highest) implements StoredEvents {

    @Override
    public List<List<Event>> read(List<EventRange> ranges) {
        throw away();
    }

    @Override
    public List<Event> read(long after, long upTo, int limit) {
        throw away();
    }

    @Override
    public long highestId() {
        return highest.get();
    }

    @Override
    public long idOf(String eventId) {
        throw away();
    }

    private static StoreUnavailableException away() {
        return new StoreUnavailableException("away", new IllegalStateException());
    }
}
