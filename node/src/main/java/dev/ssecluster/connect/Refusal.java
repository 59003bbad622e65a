package dev.ssecluster.connect;

import dev.ssecluster.registry.Block;
import dev.ssecluster.stream.CloseReason;
import dev.ssecluster.stream.RetryDelay;
import java.time.Duration;
import java.util.List;

/** A reason not to open a stream that is nobody's mistake. By the HTML standard an EventSource gives up after any status but 200. */
final class Refusal extends Exception {

    /** What became of a stream that does not open. */
    enum Kind {
        /** The client comes back by itself, and a load balancer may ask another node at once. */
        PASSING,
        /** The client comes back by itself; no other node would take it sooner. */
        EVERYWHERE,
        /** The client shall not come back. */
        FINAL
    }

    static final String UNAVAILABLE = "unavailable";
    static final String FULL = "full";
    static final String DRAIN = CloseReason.DRAIN.label();
    static final String TOO_MANY_STREAMS = "too-many-streams";
    static final String BLOCKED = "blocked";
    static final List<String> REASONS = List.of(UNAVAILABLE, FULL, DRAIN, TOO_MANY_STREAMS, BLOCKED);

    private static final Duration LONGEST_SPREAD = Duration.ofSeconds(10); // so that those who were blocked together do not come together
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final Kind kind;
    private final long retryMillis;

    private Refusal(String reason, Kind kind, long retryMillis) {
        super(reason, null, false, false); // thrown for every reconnect while Redis is away
        this.reason = reason;
        this.kind = kind;
        this.retryMillis = retryMillis;
    }

    /** It may work later, or on another node. */
    static Refusal passing(String reason) {
        return new Refusal(reason, Kind.PASSING, RetryDelay.AFTER_REFUSAL.next());
    }

    /** It may work later; no other node would take it sooner. */
    static Refusal everywhere(String reason, RetryDelay delay) {
        return new Refusal(reason, Kind.EVERYWHERE, delay.next());
    }

    /** Another node takes it at once: a long delay would only make its user look offline. */
    static Refusal draining(RetryDelay usual) {
        return new Refusal(DRAIN, Kind.PASSING, usual.next());
    }

    /** An administrator has sent it away. */
    static Refusal blocked(Block block) {
        Duration rest = block.rest();
        Duration spread = rest.dividedBy(4).compareTo(LONGEST_SPREAD) < 0 ? rest.dividedBy(4) : LONGEST_SPREAD;
        return new Refusal(BLOCKED, block.isFinal() ? Kind.FINAL : Kind.EVERYWHERE, new RetryDelay(rest, rest.plus(spread)).next());
    }

    String reason() {
        return reason;
    }

    Kind kind() {
        return kind;
    }

    long retryMillis() {
        return retryMillis;
    }
}
