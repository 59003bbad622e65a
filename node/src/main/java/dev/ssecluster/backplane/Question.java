package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What this node has asked, until all have answered. Thread-safe; one lock (this). */
final class Question {

    private static final int NOT_KNOWN = -1;

    private final CompletableFuture<Answers> future = new CompletableFuture<>();
    private final Set<NodeId> answered = new HashSet<>();
    private final List<byte[]> bodies = new ArrayList<>();
    private int asked = NOT_KNOWN;

    CompletableFuture<Answers> future() {
        return future;
    }

    /** Redis has told how many nodes have the channel, or does not answer. */
    void asked(@Nullable Integer nodes, @Nullable Throwable failure) {
        if (nodes == null) {
            String reason = failure == null ? "" : ": " + LuaScript.cause(failure).getMessage();
            future.completeExceptionally(new BackplaneUnavailableException("The nodes were not asked" + reason));
        } else {
            known(nodes);
        }
    }

    /** The first answer of a node counts. */
    void answered(NodeId node, byte[] body) {
        synchronized (this) {
            if (answered.add(node)) {
                bodies.add(body);
            }
        }
        completeIfAll();
    }

    /** What becomes of it when it fails: when only the time was over, what is known. */
    synchronized CompletableFuture<Answers> end(Throwable failure) {
        if (!(failure instanceof TimeoutException)) {
            return CompletableFuture.failedFuture(failure);
        }
        return asked == NOT_KNOWN
                ? CompletableFuture.failedFuture(new BackplaneUnavailableException("Redis did not take the question in time"))
                : CompletableFuture.completedFuture(answers());
    }

    private void known(int nodes) {
        synchronized (this) {
            asked = nodes;
        }
        completeIfAll();
    }

    private void completeIfAll() {
        Answers complete;
        synchronized (this) {
            complete = asked != NOT_KNOWN && bodies.size() >= asked ? answers() : null;
        }
        if (complete != null) {
            future.complete(complete);
        }
    }

    private Answers answers() {
        return new Answers(List.copyOf(bodies), asked);
    }
}
