package dev.ssecluster.connect;

/** A passing reason not to open a stream. By the HTML standard an EventSource gives up after any status but 200. */
final class Refusal extends Exception {

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
