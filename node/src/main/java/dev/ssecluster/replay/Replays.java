package dev.ssecluster.replay;

import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.History;
import dev.ssecluster.backplane.Journal;
import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.replay.Beginning.Extent;
import dev.ssecluster.store.PositionStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finds where a stream begins and what it is replayed. The stream's targets must be subscribed and the stream registered before,
 * so that whatever has a higher id than the fence reaches it live, and the replay goes exactly up to the fence.
 *
 * <p>With a cursor: from history when that provably covers it, else the persisted events from journal and database. Without one:
 * the persisted events to its owners, to the groups that its user has subscribed to, and to everyone, from its owners' positions.
 * Thread-safe; blocks, within the timeouts of Redis and of the database.
 */
@Component
public class Replays {

    private final Backplane backplane;
    private final History history;
    private final Journal journal;
    private final StoredReads store;
    private final Cursors cursors;
    private final ReplayMeters meters;

    Replays(Backplane backplane, History history, Journal journal, StoredReads store, Cursors cursors, ReplayMeters meters) {
        this.backplane = backplane;
        this.history = history;
        this.journal = journal;
        this.store = store;
        this.cursors = cursors;
        this.meters = meters;
    }

    /**
     * Finds where the stream begins.
     *
     * @throws BackplaneUnavailableException when Redis is away
     */
    public Beginning begin(ReplayRequest request) {
        if (request.cursor() == null) {
            return fresh(request, null);
        }
        try {
            Optional<Cursor> cursor = cursors.read(request.cursor());
            return cursor.isEmpty() ? fresh(request, ResetReason.UNKNOWN_ID) : resume(request, cursor.get());
        } catch (StoreUnavailableException e) {
            return Beginning.now(fence(), ResetReason.STORE_UNAVAILABLE); // whether there is such a message cannot be known
        }
    }

    private Beginning resume(ReplayRequest request, Cursor cursor) {
        History.Reading reading = Wait.until(history.read(request.ranges(cursor.lowest())));
        if (cursor.highest() > reading.fence()) {
            return fresh(request, ResetReason.UNKNOWN_ID);
        }
        if (HistoryPages.covers(reading)) {
            meters.resumed(Extent.COMPLETE);
            return Beginning.resumed(cursor, Extent.COMPLETE, null, HistoryPages.of(history, request, reading));
        }
        if (cursors.isTooOld(cursor, reading.fence())) {
            return fresh(request, ResetReason.TOO_OLD);
        }
        return resumeFromStore(request, cursor, reading);
    }

    /** A cursor younger than the history's window, which the history does not cover, may have missed unpersisted events. */
    private Beginning resumeFromStore(ReplayRequest request, Cursor cursor, History.Reading reading) {
        ResetReason lost = cursor.lowest() < reading.born() ? ResetReason.HISTORY_LOST : ResetReason.TOO_OLD;
        ResetReason reset = cursor.lowest() < reading.windowStart() ? null : lost;
        try {
            Journal.Contents journaled = journaled(cursor.lowest());
            Pages pages = StoredPages.of(store, request.starts(cursor), journaled,
                    after -> history(request, Math.max(after, cursor.lowest())));
            meters.resumed(Extent.PERSISTED);
            return Beginning.resumed(cursor, Extent.PERSISTED, reset, pages);
        } catch (StoreUnavailableException e) {
            return Beginning.now(reading.fence(), ResetReason.STORE_UNAVAILABLE);
        }
    }

    private List<Page.Part> history(ReplayRequest request, long after) {
        return HistoryPages.parts(Wait.until(history.read(request.ranges(after))));
    }

    /** @param reset why the client's cursor is not used, or null when it had none */
    private Beginning fresh(ReplayRequest request, @Nullable ResetReason reset) {
        boolean hasPast = request.backlog() && request.owners() > 0;
        try {
            return hasPast ? atPositions(request, reset) : Beginning.now(fence(), reset);
        } catch (StoreUnavailableException e) {
            return Beginning.now(fence(), ResetReason.STORE_UNAVAILABLE); // whatever the cursor was: the backlog is missing, too
        }
    }

    private long fence() {
        return Wait.until(backplane.fence());
    }

    /** The journal, and what the database knew after that. */
    private record Found(Journal.Contents journaled, Map<Target, PositionStore.Start> known) {}

    private Beginning atPositions(ReplayRequest request, @Nullable ResetReason reset) {
        List<Target> owners = request.ownerTargets();
        store.checkIsThere();
        Found found = Wait.until(journal.read(0).thenCompose(journaled ->
                store.starts(owners).thenApply(known -> new Found(journaled, known))));
        Journal.Contents journaled = found.journaled();
        Map<Target, Cursor> starts = new Owners(owners, request.subscribed(), found.known()).starts(journaled);
        Cursor lowest = starts.values().stream().reduce(Cursor::lower).orElseThrow();
        return Beginning.fresh(lowest, reset, StoredPages.of(store, starts, journaled, StoredPages.Extra.NONE));
    }

    /** Read before the database: a message that is in neither was not accepted. */
    private Journal.Contents journaled(long after) {
        store.checkIsThere();
        return Wait.until(journal.read(after));
    }
}
