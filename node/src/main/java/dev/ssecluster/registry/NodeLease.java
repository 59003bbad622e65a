package dev.ssecluster.registry;

import dev.ssecluster.backplane.Leases;
import dev.ssecluster.backplane.Leases.Incarnation;
import dev.ssecluster.backplane.Leases.NodeState;
import dev.ssecluster.backplane.Leases.Renewal;
import dev.ssecluster.event.NodeId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's own lease, on which those of its streams depend. When it has ended, because the node stood still, could not reach
 * Redis, or Redis lost it, the node begins another incarnation and all its streams are written again. So it does when Redis is
 * another one: it may have lost some of them, and some departures. Thread-safe; nothing here blocks.
 */
final class NodeLease {

    private static final Logger log = LoggerFactory.getLogger(NodeLease.class);

    private final Leases leases;
    private final NodeId node;
    private final GroupReport groups;
    private final Supplier<String> info;
    private final Runnable onLost;
    private @Nullable CompletableFuture<Incarnation> current; // guarded by this
    private @Nullable Incarnation next; // until it has begun; guarded by this
    private @Nullable Incarnation former; // whose lease ends when the next begins; guarded by this
    private @Nullable String epoch; // guarded by this

    /**
     * @param info what the node says of itself now
     * @param onLost called when all streams must be written again
     */
    NodeLease(Leases leases, NodeId node, GroupReport groups, Supplier<String> info, Runnable onLost) {
        this.leases = leases;
        this.node = node;
        this.groups = groups;
        this.info = info;
        this.onLost = onLost;
    }

    /** Whose lease lasted when it was last renewed; begins the first one. */
    synchronized CompletableFuture<Incarnation> incarnation() {
        if (current == null || current.isCompletedExceptionally()) {
            current = begin();
        }
        return current;
    }

    /** What comes after one whose lease has ended; many may ask for it. */
    synchronized CompletableFuture<Incarnation> successor(Incarnation ended) {
        boolean isCurrent = current != null && current.state() == Future.State.SUCCESS
                && current.join().equals(ended);
        if (isCurrent) {
            current = null;
        }
        return incarnation();
    }

    /** Renews the lease. */
    CompletableFuture<?> renew() {
        return incarnation().thenCompose(this::renew);
    }

    /** Ends the lease, if it has begun. */
    synchronized CompletableFuture<?> end() {
        return current == null ? CompletableFuture.completedFuture(null) : current.thenCompose(leases::leave);
    }

    private synchronized CompletableFuture<Incarnation> begin() {
        Incarnation beginning = next == null ? Incarnation.of(node) : next;
        next = beginning; // the same one again when the answer is lost, or there would be two for a while
        groups.forget();
        return leases.renew(new NodeState(beginning, true, info.get(), true, former, Set.of(), Set.of()))
                .thenApply(renewal -> begun(beginning, renewal));
    }

    private synchronized Incarnation begun(Incarnation begun, Renewal renewal) {
        log.info("This node is in the registry as {}", begun.name());
        next = null;
        former = null;
        boolean isFirst = epoch == null;
        saw(renewal);
        if (!isFirst) {
            onLost.run();
        }
        return begun;
    }

    private CompletableFuture<?> renew(Incarnation incarnation) {
        GroupReport.Change change = groups.change();
        NodeState state = new NodeState(
                incarnation, false, info.get(), change.anew(), null, change.added(), change.removed());
        return leases.renew(state)
                .whenComplete((renewal, _) -> groups.reported(change, renewal != null && renewal.isHeld()))
                .thenCompose(renewal -> renewed(incarnation, change, renewal));
    }

    private CompletableFuture<?> renewed(Incarnation incarnation, GroupReport.Change change, Renewal renewal) {
        if (!renewal.isHeld()) {
            log.warn("This node's lease has ended: it stood still, or Redis was away or has lost it");
            return successor(incarnation);
        }
        if (saw(renewal)) {
            return replace(incarnation);
        }
        return change.isFull() ? renew(incarnation) : CompletableFuture.completedFuture(incarnation);
    }

    /** Departures that Redis has lost are none of the next incarnation's streams. */
    private synchronized CompletableFuture<Incarnation> replace(Incarnation held) {
        log.info("Redis is another one, or has restarted: what this node has there is written again");
        former = held;
        return successor(held);
    }

    /** Whether it is another Redis than before. */
    private synchronized boolean saw(Renewal renewal) {
        boolean isOther = epoch != null && !epoch.equals(renewal.epoch());
        epoch = renewal.epoch();
        return isOther;
    }
}
