package dev.ssecluster.replay;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.ResetReason;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream begins. Its replay goes up to the fence and is given to the stream by {@link ReplayFeed}.
 *
 * @param start what the client has; its cursor in {@code connected}
 * @param servedFrom where what the stream serves its owners without a gap begins
 * @param fence the highest id of the replay; live events follow it
 * @param extent how much of the past is replayed
 * @param reset why there may be a gap, or null
 * @param resumed whether the stream goes on where the client's cursor stands
 */
public record Beginning(
        Cursor start,
        Cursor servedFrom,
        long fence,
        Extent extent,
        @Nullable ResetReason reset,
        boolean resumed,
        Pages pages) {

    /** How much of what was sent since the start is replayed; the label stands in {@code connected}. */
    public enum Extent {
        COMPLETE("complete"),
        PERSISTED("persisted"),
        NONE("none");

        private final String label;

        Extent(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** The same for a client that has to be told that events of groups may be missing, because nobody knows its user's subscriptions. */
    public Beginning withoutSubscriptions() {
        ResetReason told = reset == null ? ResetReason.STORE_UNAVAILABLE : reset;
        return new Beginning(start, servedFrom, fence, extent, told, resumed, pages);
    }

    static Beginning resumed(Cursor cursor, Extent extent, @Nullable ResetReason reset, Pages pages) {
        return new Beginning(pages.isEmpty() ? Cursor.at(pages.fence()) : cursor, cursor, pages.fence(), extent, reset, true, pages);
    }

    /** Nothing is stored between the start and the first event, or the page's end, so a start long ago need not age any further. */
    static Beginning fresh(Cursor start, @Nullable ResetReason reset, Pages pages) {
        long reached = pages.first().events().stream().mapToLong(Event::id).findFirst().orElse(pages.first().upTo() + 1) - 1;
        Extent extent = reset == null ? Extent.COMPLETE : Extent.NONE;
        return new Beginning(start.raisedTo(reached), start, pages.fence(), extent, reset, false, pages);
    }

    static Beginning now(long fence, @Nullable ResetReason reset) {
        return fresh(Cursor.at(fence), reset, Pages.none(fence));
    }
}
