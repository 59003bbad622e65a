package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of one target's history: all its entries above {@code from}, up to and including {@code upTo}.
 *
 * @param coveredFrom for a cursor that is at least this, they are all events; below it some may have been trimmed or lost
 * @param events ascending by id
 */
record Slice(long coveredFrom, long from, long upTo, List<Event> events) {

    private static final int EVENT_OVERHEAD = 150; // bytes, about

    boolean contains(long cursor) {
        return from <= cursor && cursor <= upTo;
    }

    /** Whether {@code next}, which begins later, begins within this one. */
    boolean isContinuedBy(Slice next) {
        return next.from <= upTo;
    }

    /** This one and what {@code next} has beyond it. An event that both have stays the object that it is here. */
    Slice join(Slice next) {
        List<Event> joined = new ArrayList<>(events);
        joined.addAll(next.events.subList(next.indexAfter(upTo), next.events.size()));
        boolean isProved = upTo >= next.coveredFrom; // nothing between both was trimmed before it was read
        return new Slice(isProved ? coveredFrom : next.coveredFrom, from, Math.max(upTo, next.upTo), joined);
    }

    /** Events above the cursor. */
    int countAfter(long cursor) {
        return events.size() - indexAfter(cursor);
    }

    /**
     * What a reader at {@code cursor} gets.
     *
     * @param fence the highest id issued when it was read
     */
    History.Page page(long cursor, int limit, long fence) {
        int begin = indexAfter(cursor);
        int end = Math.min(events.size(), begin + limit);
        long pageUpTo = end < events.size() ? events.get(end - 1).id() : upTo;
        return new History.Page(cursor >= coveredFrom, List.copyOf(events.subList(begin, end)), pageUpTo < fence, pageUpTo);
    }

    /** Its newer half, because it has become too large. */
    Slice newerHalf() {
        int cut = events.size() / 2;
        long begin = cut == 0 ? from : events.get(cut - 1).id();
        return new Slice(coveredFrom, begin, upTo, List.copyOf(events.subList(cut, events.size())));
    }

    long bytes() {
        return events.stream().mapToLong(event -> event.data().length + EVENT_OVERHEAD).sum();
    }

    private int indexAfter(long cursor) {
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events.get(middle).id() <= cursor) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
