package dev.ssecluster.store;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Target;
import java.util.Collection;
import java.util.Map;

/**
 * How far users and client ids have been served: for each of them and each priority the id up to which a stream wrote every
 * persisted message. An owner is a target of kind user or client. Every call blocks and throws {@link
 * dev.ssecluster.event.StoreUnavailableException} when the database is away or too slow. Thread-safe.
 */
public interface PositionStore {

    /**
     * Where each owner's next stream starts: at its position; without one, just before its oldest unexpired pending message. An
     * owner that has neither is not in the answer.
     *
     * @param now microseconds by Redis' clock
     */
    Map<Target, Start> starts(Collection<Target> owners, long now);

    /**
     * Sets status 0 of the messages that were served to 1, however many there are, and then raises positions: never backwards, and
     * only where the position was at or above the beginning of what was served, so that nothing between is skipped. Many short
     * transactions; when it fails half way, or is repeated, messages may be marked whose owner's position is not raised, and they
     * come again. To be called after the journal was read: an entry leaves it only after its message is in the database.
     */
    void raise(Collection<Served> served);

    /**
     * Writes down where the owner's next stream starts, if it has no position: just before its oldest pending message, at most at
     * {@code most}. So what is sent from then on is not passed over by a stream that begins later.
     */
    void settle(Target owner, long most);

    /**
     * Where an owner's next stream starts.
     *
     * @param isPosition whether that is its position; else it has none, and this is just before its oldest pending message
     */
    record Start(Cursor cursor, boolean isPosition) {}

    /**
     * What a stream has served its owner without a gap.
     *
     * @param from where that began; everything above it, up to {@code to}, was written, for each priority
     * @param oldestJournaled an id at or below that of each of the owner's messages that are not in the database yet
     */
    record Served(Target owner, Cursor from, Cursor to, long oldestJournaled) {}
}
