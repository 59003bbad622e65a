package dev.ssecluster.stream;

/** Why a stream ended; the label is a meter's tag, and the reason in {@code sse.goaway} where the client can still be told. */
public enum CloseReason {
    /** The peer closed or half-closed. */
    CLIENT("client"),
    /** The connection failed: the peer vanished, or reset it. An HTTP/2 stream that its client ended looks the same. */
    LOST("lost"),
    /** The peer took nothing for the send timeout, or its queue could not be bounded otherwise. */
    SLOW_CONSUMER("slow-consumer"),
    /** Its replay could not be finished. */
    UNAVAILABLE("unavailable"),
    /** The node is stopping. */
    DRAIN("drain"),
    /** An administrator's call ended it. */
    DISCONNECTED("disconnected"),
    /** Its client's permission has ended. */
    EXPIRED("expired"),
    /** It was as old as a stream may get. */
    LIFETIME("lifetime"),
    /** It was refused, or failed, before it began. */
    NOT_OPENED("not-opened");

    private final String label;

    CloseReason(String label) {
        this.label = label;
    }

    /** Whether the peer may have received nothing for a while before. */
    boolean isDoubtful() {
        return this == LOST || this == SLOW_CONSUMER;
    }

    public String label() {
        return label;
    }
}
