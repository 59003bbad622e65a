package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How urgent an event is. Within a stream's queue a more urgent event overtakes the others; within one priority the order
 * of publishing is kept. On the wire it is its number: 0, 1 or 2.
 */
public enum Priority {
    NORMAL,
    HIGH,
    URGENT;

    private static final Priority[] BY_LEVEL = values();

    /**
     * The priority of a number as it appears in JSON.
     *
     * @throws IllegalArgumentException when {@code level} is not 0, 1 or 2
     */
    @JsonCreator
    public static Priority ofLevel(int level) {
        if (level < 0 || level >= BY_LEVEL.length) {
            throw new IllegalArgumentException("priority must be 0, 1 or 2");
        }
        return BY_LEVEL[level];
    }

    /** The number of this priority as it appears in JSON: 0 normal, 1 high, 2 urgent. */
    @JsonValue
    public int level() {
        return ordinal();
    }
}
