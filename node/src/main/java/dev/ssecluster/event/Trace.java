package dev.ssecluster.event;

import java.util.regex.Pattern;
import org.slf4j.MDC;

/**
 * The trace that an event belongs to: its caller's, who asked for it to be followed. It is in the log of the node that took the event and of
 * each node that delivered it.
 *
 * @param id 32 lowercase hexadecimal digits, not all zero
 */
public record Trace(String id) {

    /** Name of the log's field, by the Elastic Common Schema. */
    public static final String FIELD = "trace.id";

    private static final Pattern ID = Pattern.compile("(?!0+$)[0-9a-f]{32}");

    /** @throws IllegalArgumentException for another id */
    public Trace {
        if (!isId(id)) {
            throw new IllegalArgumentException("No trace id");
        }
    }

    /** Whether it is one. */
    public static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    /** Gives all that this thread logs the id, until that is closed. */
    public MDC.MDCCloseable inLog() {
        return MDC.putCloseable(FIELD, id);
    }
}
