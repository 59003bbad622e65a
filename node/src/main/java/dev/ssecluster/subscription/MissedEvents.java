package dev.ssecluster.subscription;

import dev.ssecluster.backplane.History;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.Target;
import dev.ssecluster.replay.Wait;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What groups were sent in the last moments. Thread-safe; blocks. */
@Component
final class MissedEvents {

    private static final int PAGE = 500;
    private static final int MOST_PAGES = 10; // it is about the time that a database takes to answer

    private final History history;

    MissedEvents(History history) {
        this.history = history;
    }

    /**
     * All that the groups were sent above {@code after}, with ascending ids; empty when that is not certain.
     *
     * @throws dev.ssecluster.backplane.BackplaneUnavailableException when Redis is away
     */
    Optional<List<Event>> read(Collection<Target> groups, long after) {
        List<Event> found = new ArrayList<>();
        List<EventRange> ranges = groups.stream().map(group -> new EventRange(group, after, PAGE)).toList();
        for (int page = 0; page < MOST_PAGES && !ranges.isEmpty(); page++) {
            History.Reading reading = Wait.until(history.read(ranges));
            if (!reading.pages().stream().allMatch(History.Page::covered)) {
                return Optional.empty();
            }
            reading.pages().forEach(each -> found.addAll(each.events()));
            ranges = rest(ranges, reading);
        }
        found.sort(Comparator.comparingLong(Event::id));
        return ranges.isEmpty() ? Optional.of(found) : Optional.empty();
    }

    private static List<EventRange> rest(List<EventRange> ranges, History.Reading reading) {
        List<EventRange> rest = new ArrayList<>();
        Iterator<History.Page> pages = reading.pages().iterator();
        for (EventRange range : ranges) {
            History.Page page = pages.next();
            if (page.more()) {
                rest.add(new EventRange(range.target(), page.upTo(), PAGE));
            }
        }
        return rest;
    }
}
