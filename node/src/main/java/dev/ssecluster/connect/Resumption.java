package dev.ssecluster.connect;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.ResetReason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client's cursor is worth at the fence. Nothing is replayed yet, so it continues only if nothing was sent since;
 * otherwise the client is told that there may be a gap.
 */
enum Resumption {
    /** No cursor: the stream begins now. */
    FRESH(false, "complete", null),
    /** Nothing was sent since. */
    CONTINUED(true, "complete", null),
    /** Not a cursor of ours, or one from the future. */
    UNKNOWN(false, "none", ResetReason.UNKNOWN_ID),
    /** Something may have been sent since. */
    MISSED(false, "none", ResetReason.TOO_OLD);

    private final boolean resumed;
    private final String replay;
    private final @Nullable ResetReason resetReason;

    Resumption(boolean resumed, String replay, @Nullable ResetReason resetReason) {
        this.resumed = resumed;
        this.replay = replay;
        this.resetReason = resetReason;
    }

    static Resumption of(@Nullable String text, long fence) {
        if (text == null) {
            return FRESH;
        }
        Optional<Cursor> cursor = Cursor.parse(text);
        if (cursor.isEmpty() || cursor.get().highest() > fence) {
            return UNKNOWN;
        }
        return cursor.get().lowest() >= fence ? CONTINUED : MISSED;
    }

    boolean resumed() {
        return resumed;
    }

    String replay() {
        return replay;
    }

    @Nullable ResetReason resetReason() {
        return resetReason;
    }
}
