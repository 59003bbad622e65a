package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Journal.Contents;
import dev.ssecluster.backplane.JournalReadScript.Page;
import dev.ssecluster.event.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One read of the journal over many pages: what it had at the moment of the first, without what goes meanwhile. */
final class JournalReading {

    /** What the database would have to take; a node cannot hold more for a reader. */
    private static final long MOST_BYTES = 64L << 20;

    /** What an event takes beside its data, about. */
    private static final int EVENT_BYTES = 200;

    private final List<Event> events = new ArrayList<>();
    private long fence;
    private long bytes;

    /** Takes a page; whether it was the last that is needed. */
    boolean isEndedBy(Page page) {
        if (fence == 0) {
            fence = page.seq();
        }
        for (Event event : page.events()) {
            if (event.id() <= fence) {
                events.add(event);
                bytes += EVENT_BYTES + event.data().length;
            }
        }
        if (bytes > MOST_BYTES) {
            throw new BackplaneUnavailableException("The journal holds too much to be read: the database has been away for long");
        }
        return page.next() == 0 || page.next() >= fence;
    }

    /** A view: thousands of readers share one read, and copies for each could fill the heap. */
    Contents above(long after) {
        int from = 0;
        int to = events.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (events.get(middle).id() <= after) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return new Contents(Collections.unmodifiableList(events.subList(from, events.size())), fence);
    }
}
