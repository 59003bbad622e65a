package dev.ssecluster.store;

import dev.ssecluster.event.Cursor;

/**
 * Conditions on ids by the three positions of a cursor. The first comparison is for the index, which knows no priorities; the
 * second is exact.
 */
final class ByPriority {

    private static final String POSITION = "CASE priority WHEN 1 THEN ? WHEN 2 THEN ? ELSE ? END";

    private ByPriority() {}

    /** Beyond the position of its priority. */
    static Sql above(Cursor cursor) {
        return new Sql(" AND id > ? AND id > " + POSITION, cursor.lowest(), cursor.high(), cursor.urgent(), cursor.normal());
    }

    /** At or below the position of its priority. */
    static Sql upTo(Cursor cursor) {
        return new Sql(" AND id <= ? AND id <= " + POSITION, cursor.highest(), cursor.high(), cursor.urgent(), cursor.normal());
    }
}
