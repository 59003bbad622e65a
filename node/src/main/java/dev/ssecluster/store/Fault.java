package dev.ssecluster.store;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why the database did not do what it was asked, as far as that matters here. The numbers are MySQL's and MariaDB's. */
enum Fault {
    /** A row with that key exists. */
    DUPLICATE,
    /** The values can never be stored. */
    REFUSED,
    /** Another transaction was in the way; all of this one was undone. */
    CONTENTION,
    /** Anything else: it may work later. */
    AWAY;

    private static final Set<Integer> DUPLICATES = Set.of(1062, 1586);
    private static final Set<Integer> CONTENTIONS = Set.of(1020, 1205, 1213);
    /** A wrong character, a violated check: their SQLState says nothing. */
    private static final Set<Integer> REFUSALS = Set.of(1366, 3819, 4025);

    static Fault of(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return of(e.getErrorCode(), e.getSQLState());
            }
        }
        return AWAY;
    }

    private static Fault of(int code, @Nullable String state) {
        if (DUPLICATES.contains(code)) {
            return DUPLICATE;
        }
        if (CONTENTIONS.contains(code)) {
            return CONTENTION;
        }
        return REFUSALS.contains(code) || isAboutValues(state) ? REFUSED : AWAY;
    }

    /** Classes 22 (data) and 23 (constraints) of the SQL standard. */
    private static boolean isAboutValues(@Nullable String state) {
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }
}
