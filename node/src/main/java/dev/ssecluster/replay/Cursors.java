package dev.ssecluster.replay;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.StoredEvents;
import dev.ssecluster.store.RetentionProperties;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Makes sense of what clients send as their cursor. Thread-safe; may block on the database. */
@Component
final class Cursors {

    /** Below it no id was given by a clock of this century: such a row is a predecessor's. Microseconds. */
    private static final long FIRST_ID = TimeUnit.DAYS.toMicros(365) * 30;

    private static final int LONGEST_FOREIGN_ID = 64;

    private final StoredEvents events;
    private final EventClock clock;
    private final long retention;

    Cursors(StoredEvents events, EventClock clock, RetentionProperties life) {
        this.events = events;
        this.clock = clock;
        this.retention = TimeUnit.SECONDS.toMicros(life.retention().toSeconds());
    }

    /**
     * Empty when it is neither a cursor of this server's nor the event id of a stored message.
     *
     * @throws StoreUnavailableException when the database would have to be asked
     */
    Optional<Cursor> read(String text) {
        Optional<Cursor> own = Cursor.parse(text);
        return own.isPresent() || text.length() > LONGEST_FOREIGN_ID ? own : foreign(text);
    }

    private Optional<Cursor> foreign(String eventId) {
        long id = events.idOf(eventId);
        return id == 0 ? Optional.empty() : Optional.of(Cursor.at(id));
    }

    /** Whether messages behind the cursor may have been deleted already. A predecessor's rows have ids of their own. */
    boolean isTooOld(Cursor cursor, long fence) {
        long now = Math.max(clock.micros(), fence);
        return cursor.lowest() < now - retention && !isForeign(cursor);
    }

    private boolean isForeign(Cursor cursor) {
        long id = cursor.lowest();
        try {
            return id < FIRST_ID && !events.read(id - 1, id, 1).isEmpty();
        } catch (StoreUnavailableException e) {
            return true; // whoever reads what is behind it says so
        }
    }
}
