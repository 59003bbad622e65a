package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.model.Priority;

/**
 * How far a stream has been served: for each priority the id up to which everything was delivered. Written as a cursor, this
 * is the SSE {@code id}: the plain id when all three agree on it, else {@code <id>~<normal>-<high>-<urgent>}, because a more
 * urgent event has overtaken others. Owned by the stream's shard.
 */
final class Positions {

    private long normal;
    private long high;
    private long urgent;

    Positions(long start) {
        raiseAll(start);
    }

    /** Where a stream begins. */
    void startAt(Cursor cursor) {
        normal = cursor.normal();
        high = cursor.high();
        urgent = cursor.urgent();
    }

    Cursor toCursor() {
        return new Cursor(highest(), normal, high, urgent);
    }

    long of(Priority priority) {
        return switch (priority) {
            case NORMAL -> normal;
            case HIGH -> high;
            case URGENT -> urgent;
        };
    }

    /** Never backwards. */
    void raise(Priority priority, long id) {
        switch (priority) {
            case NORMAL -> normal = Math.max(normal, id);
            case HIGH -> high = Math.max(high, id);
            case URGENT -> urgent = Math.max(urgent, id);
        }
    }

    void raiseAll(long id) {
        normal = Math.max(normal, id);
        high = Math.max(high, id);
        urgent = Math.max(urgent, id);
    }

    long highest() {
        return Math.max(normal, Math.max(high, urgent));
    }

    /** Whether {@code id} alone says it all. */
    boolean areAll(long id) {
        return normal == id && high == id && urgent == id;
    }

    /** The cursor to send with event {@code id}. */
    String cursor(long id) {
        return areAll(id) ? Long.toString(id) : id + "~" + normal + "-" + high + "-" + urgent;
    }
}
