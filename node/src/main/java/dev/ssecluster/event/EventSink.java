package dev.ssecluster.event;

import java.util.Collection;

/**
 * Where the backplane hands over what it hears. All methods are called by one thread at a time, in the order in which Redis
 * sent the frames, so event ids ascend; they must not block.
 */
public interface EventSink {

    /** An event for one of the targets this node is subscribed to. */
    void onEvent(Event event);

    /**
     * This node heard its own probe: every event with an id up to this one, for the targets that were subscribed when it was
     * published, has been handed over before.
     */
    void onProbe(long id);

    /**
     * The connection to the backplane was replaced, and for these targets it cannot be proved that nothing was missed
     * meanwhile. Called before any event that follows the gap.
     *
     * @param persistedUpTo persisted events up to this id may be missing, too, though some of them may still follow; 0: none is
     */
    void onGap(ResetReason reason, long persistedUpTo, Collection<Target> targets);

    /** The number of a user's unread messages may have changed. */
    void onUnreadChanged(String user);
}
