package dev.ssecluster.replay;

import dev.ssecluster.backplane.Journal;
import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Target;
import dev.ssecluster.store.PositionStore.Start;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A stream's user and given client id, and what the database knows of how far they were served.
 *
 * @param targets at least one; what everyone and the subscribed groups were sent counts as served with the first
 * @param subscribed the groups, and since when: what has lower ids does not count
 * @param known may know others, too
 */
record Owners(List<Target> targets, Map<Target, Long> subscribed, Map<Target, Start> known) {

    private boolean hasPosition(Target owner) {
        Start start = known.get(owner);
        return start != null && start.isPosition();
    }

    /** Where each target's replay starts. */
    Map<Target, Cursor> starts(Journal.Contents journal) {
        Map<Target, Cursor> starts = new LinkedHashMap<>();
        targets.forEach(owner -> starts.put(owner, start(owner, journal)));
        Cursor first = Objects.requireNonNull(starts.get(targets.getFirst()));
        starts.put(Target.BROADCAST, first);
        subscribed.forEach((group, since) -> starts.put(group, first.raisedTo(since)));
        return starts;
    }

    /** At its position; without one just before its oldest pending message, be that stored or journaled; without any, now. */
    private Cursor start(Target owner, Journal.Contents journal) {
        if (hasPosition(owner)) {
            return cursor(owner);
        }
        Cursor start = Cursor.at(Math.min(journal.fence(), journal.oldestOf(owner) - 1));
        return known.containsKey(owner) ? cursor(owner).lower(start) : start;
    }

    private Cursor cursor(Target owner) {
        return Objects.requireNonNull(known.get(owner)).cursor();
    }

    /** The lowest id of each target's messages in the journal. */
    static Map<Target, Long> oldest(Journal.Contents journal) {
        Map<Target, Long> oldest = new HashMap<>();
        journal.events().forEach(event -> oldest.merge(event.target(), event.id(), Math::min));
        return oldest;
    }
}
