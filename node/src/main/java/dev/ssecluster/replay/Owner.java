package dev.ssecluster.replay;

import dev.ssecluster.backplane.Journal;
import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.store.PositionStore;
import org.jspecify.annotations.Nullable;

/** A user or client id, and what the database knows of how far it was served. */
record Owner(Target target, PositionStore.@Nullable Start stored) {

    /** At its position; without one just before its oldest pending message, be that stored or journaled; without any, now. */
    Cursor start(Journal.Contents journal) {
        if (stored != null && stored.isPosition()) {
            return stored.cursor();
        }
        long oldestJournaled = oldest(journal, target);
        long start = Math.min(journal.fence(), oldestJournaled - 1);
        return stored == null ? Cursor.at(start) : stored.cursor().lower(Cursor.at(start));
    }

    /** The lowest id of the owner's messages in the journal; {@link Long#MAX_VALUE} when it has none there. */
    static long oldest(Journal.Contents journal, Target owner) {
        return journal.events().stream().filter(event -> event.target().equals(owner)).mapToLong(Event::id).min()
                .orElse(Long.MAX_VALUE);
    }
}
