package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Journal.Contents;
import dev.ssecluster.event.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One read of the journal over many pages, for many readers: what it had at the moment of the first page, without what goes
 * meanwhile.
 *
 * <p>It goes from the newest entry back, until the reader who is furthest behind has what it needs, or there is too much to hold. So
 * a reader gets nothing only when what it asked for itself is too much; the others do not notice.
 */
final class JournalReading {

    /** What the database would have to take; a node cannot hold more for its readers. */
    private static final long MOST_BYTES = 64L << 20;

    /** What an event takes beside its data, about. */
    private static final int EVENT_BYTES = 200;

    private final List<Event> newestFirst = new ArrayList<>();
    private long fence;
    private long bytes;
    private long knownAbove = Long.MAX_VALUE;

    /** Takes the page that ends below the one before it; whether it was the last that is needed. */
    boolean isEndedBy(JournalPage page) {
        if (fence == 0) {
            fence = page.seq();
        }
        for (Event event : page.events()) {
            if (event.id() <= fence) {
                newestFirst.add(event);
                bytes += EVENT_BYTES + event.data().length;
            }
        }
        knownAbove = page.next() == 0 ? 0 : page.next() - 1;
        return page.next() == 0 || bytes > MOST_BYTES;
    }

    /** How many entries were read. */
    int size() {
        return newestFirst.size();
    }

    /**
     * Empty when there is too much above {@code after}. A view: thousands of readers share one read, and copies for each could fill
     * the heap.
     */
    Optional<Contents> above(long after) {
        if (after < knownAbove) {
            return Optional.empty();
        }
        int count = countAbove(after);
        List<Event> events = count == 0 ? List.of() : Collections.unmodifiableList(newestFirst.subList(0, count).reversed());
        return Optional.of(new Contents(events, fence));
    }

    private int countAbove(long after) {
        int from = 0;
        int to = newestFirst.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (newestFirst.get(middle).id() > after) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
