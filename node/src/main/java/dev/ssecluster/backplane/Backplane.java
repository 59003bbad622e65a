package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** This node's connection to the others. Thread-safe; nothing here blocks. */
public interface Backplane {

    /**
     * Publishes each message once, in the given order. Completes within the publish timeout, never exceptionally, with one
     * result per message in the same order. A message whose result is not {@code Accepted} or {@code Unknown} never appears.
     */
    CompletableFuture<List<PublishResult>> publish(List<Publication> messages);

    /**
     * Subscribes this node to the targets, or keeps them subscribed, until {@link #release} was called once for each call.
     * Completes when Redis has acknowledged all of them on the connection that is in use; exceptionally with
     * {@link BackplaneUnavailableException} when that does not happen in time, in which case they are released already.
     */
    CompletableFuture<Void> acquire(Collection<Target> targets);

    /** Gives up what {@link #acquire} got. The channel is left a little after its last user has gone. */
    void release(Collection<Target> targets);

    /**
     * The highest id issued at a moment after this call. Every event with a higher id, for a target that was acquired before
     * this call, will be handed to the sink. Completes exceptionally with {@link BackplaneUnavailableException}.
     */
    CompletableFuture<Long> fence();

    /** Whether the connection works: adopted, subscribed and heard by itself. */
    boolean isReady();
}
