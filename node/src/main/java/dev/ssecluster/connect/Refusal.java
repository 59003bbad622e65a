package dev.ssecluster.connect;

import dev.ssecluster.stream.CloseReason;
import java.util.List;

/** A passing reason not to open a stream. By the HTML standard an EventSource gives up after any status but 200. */
final class Refusal extends Exception {

    static final String UNAVAILABLE = "unavailable";
    static final String FULL = "full";
    static final String DRAIN = CloseReason.DRAIN.label();
    static final List<String> REASONS = List.of(UNAVAILABLE, FULL, DRAIN);

    private static final long serialVersionUID = 1L;

    private final String reason;

    Refusal(String reason) {
        super(reason, null, false, false); // thrown for every reconnect while Redis is away
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
