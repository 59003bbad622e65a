package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

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

    /**
     * Asks every node that has the target's channel, this one included. Completes when all have answered, or after the timeout with
     * the answers so far; then a node is dead, deaf, paused or of an older version, or a connection of its that it has given up still
     * counts. Completes exceptionally with {@link BackplaneUnavailableException} when Redis does not take the question within that time:
     * then probably nobody was asked, and nobody will be.
     */
    CompletableFuture<Answers> ask(Target target, RequestKind kind, byte[] body, Duration timeout);

    /** Names who answers requests of that kind, instead of who did so before. Without one they are not answered. */
    void onRequest(RequestKind kind, RequestHandler handler);

    /**
     * Adds a step that is taken for each new connection to the other nodes, before what was missed is read: all channels are
     * subscribed by then, and nothing that came over them was handed over. The repair waits for it, 5 s at most; channels that it acquires
     * by then are part of the repair, so of these, too, nothing is missed that was sent since the old connection was lost. When that connection is
     * lost as well, or too much has come meanwhile, the step is taken again, perhaps before it has completed. Called on the backplane's own
     * thread; must not block.
     */
    void beforeRepair(Supplier<CompletableFuture<Void>> step);

    /** Whether the connection works: adopted, subscribed and heard by itself. */
    boolean isReady();
}
