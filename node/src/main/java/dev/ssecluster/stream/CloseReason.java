package dev.ssecluster.stream;

/** Why a stream ended; the label is a meter's tag, and the reason in {@code sse.goaway} where the client can still be told. */
public enum CloseReason {
    /** The peer closed, half-closed or vanished. */
    CLIENT("client"),
    /** The peer took nothing for the send timeout, or its queue could not be bounded otherwise. */
    SLOW_CONSUMER("slow-consumer"),
    /** The node is stopping. */
    DRAIN("drain"),
    /** It was refused, or failed, before it began. */
    NOT_OPENED("not-opened");

    private final String label;

    CloseReason(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
