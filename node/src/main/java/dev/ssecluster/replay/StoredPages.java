package dev.ssecluster.replay;

import dev.ssecluster.backplane.Journal;
import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Pages of the persisted events, from journal and database, each target from a start of its own.
 *
 * <p>The journal is read once, before the database: an entry leaves it only after its row was committed. So up to the journal's
 * fence every persisted event is in one of the two, and one that is in both has the same id.
 */
final class StoredPages implements Pages.Source {

    /** Of each target: at most 16 MB, and pages for many streams are read at once. */
    private static final int EVENTS = 250;

    private final StoredReads store;
    private final Map<Target, Cursor> starts;
    private final Extra extra;
    private final List<Event> journaled;
    private final long fence;

    /** What is merged into the pages besides. */
    interface Extra {

        Extra NONE = _ -> List.of();

        List<Page.Part> read(long after);
    }

    private StoredPages(StoredReads store, Map<Target, Cursor> starts, Journal.Contents journal, Extra extra) {
        this.store = store;
        this.starts = starts;
        this.extra = extra;
        this.journaled = journal.events().stream().filter(this::isWanted).toList();
        this.fence = journal.fence();
    }

    /** @throws dev.ssecluster.event.StoreUnavailableException when the first page cannot be read */
    static Pages of(StoredReads store, Map<Target, Cursor> starts, Journal.Contents journal, Extra extra) {
        StoredPages source = new StoredPages(store, starts, journal, extra);
        return Pages.of(source.read(0), journal.fence(), source);
    }

    @Override
    public Page read(long after) {
        List<Page.Part> parts = new ArrayList<>();
        parts.add(new Page.Part(journaled.stream().filter(event -> event.id() > after).toList(), Long.MAX_VALUE));
        Wait.until(store.read(ranges(after))).forEach(events -> parts.add(Page.Part.limited(events, EVENTS)));
        parts.addAll(extra.read(after)); // last: what is only there was never persisted
        return Page.merge(parts, fence, this::isWanted).behind(after);
    }

    private List<EventRange> ranges(long after) {
        List<EventRange> ranges = new ArrayList<>();
        starts.forEach((target, start) -> {
            long from = Math.max(after, start.lowest());
            if (from < fence) {
                ranges.add(new EventRange(target, from, EVENTS));
            }
        });
        return ranges;
    }

    /** What is beyond the start of its target, for its priority. */
    private boolean isWanted(Event event) {
        Cursor start = starts.get(event.target());
        return start != null && event.id() > start.of(event.priority());
    }
}
