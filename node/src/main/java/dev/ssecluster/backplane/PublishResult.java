package dev.ssecluster.backplane;

/** What became of a {@link Publication}. */
public sealed interface PublishResult {

    /**
     * On its way to {@code nodes} nodes.
     *
     * @param id the event's id, microseconds since the epoch
     * @param time when it was accepted, microseconds by Redis' clock, which the id may be ahead of
     * @param nodes nodes that had a subscriber
     * @param replayed whether an earlier send with the same idempotency key was found; then nothing was sent now
     * @param epoch of the Redis that accepted it
     */
    record Accepted(long id, long time, int nodes, boolean replayed, String epoch) implements PublishResult {}

    /** The database has been away for so long that the journal is full; nothing was sent. */
    record JournalFull() implements PublishResult {}

    /** The idempotency key was used with another body; nothing was sent. */
    record KeyReused() implements PublishResult {}

    /** The backplane is away or too slow: certainly nothing was sent and nothing will be. */
    record NotSent() implements PublishResult {}

    /** The answer was lost: the event was sent, or never will be; repeat it with the same idempotency key. */
    record Unknown() implements PublishResult {}
}
