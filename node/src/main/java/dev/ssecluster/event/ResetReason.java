package dev.ssecluster.event;

/** Why a stream may have a gap; the label is the reason in {@code sse.reset}. */
public enum ResetReason {
    /** The client's cursor is none of this server's, or from the future. */
    UNKNOWN_ID("unknown-id"),
    /** The cursor is older than what is kept. */
    TOO_OLD("too-old"),
    /** The backplane lost its data. */
    HISTORY_LOST("history-lost"),
    /** The stream's queue was full. */
    OVERFLOW("overflow"),
    /** The database is away, and what was missed is only there. */
    STORE_UNAVAILABLE("store-unavailable");

    private final String label;

    ResetReason(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
