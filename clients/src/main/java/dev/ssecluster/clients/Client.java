package dev.ssecluster.clients;

import java.util.Map;
import java.util.Objects;

/**
 * A client that is tried.
 *
 * @param name the library's
 * @param levels it at each level that there is
 */
record Client(String name, Map<Level, Subject> levels) {

    Subject at(Level level) {
        return Objects.requireNonNull(levels.get(level), name + " is not tried " + level.words());
    }
}
