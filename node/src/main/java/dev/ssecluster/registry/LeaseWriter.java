package dev.ssecluster.registry;

import dev.ssecluster.backplane.LeaseChange;
import dev.ssecluster.backplane.Leases;
import dev.ssecluster.backplane.Leases.Grant;
import dev.ssecluster.backplane.Leases.Incarnation;
import dev.ssecluster.backplane.Leases.Written;
import dev.ssecluster.batch.Batcher;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Writes changes of leases by group commit: while one call to Redis is under way, changes gather, and go together in the next. They
 * are written in the order in which they were submitted. Thread-safe; nothing here blocks.
 */
final class LeaseWriter {

    /** In one call, so that Redis is not blocked for long. */
    static final int MOST_CHANGES = 200;

    /** Of changes that are no arrivals. */
    static final Grant NONE = new Grant(0, 0, false);

    private final Leases leases;
    private final NodeLease node;
    private final int mostOfUser;
    private final RegistryMeters meters;
    private final Runnable onDue;
    private final Batcher<LeaseChange, Grant> calls =
            new Batcher<>(MOST_CHANGES, Batcher.VIRTUAL_THREADS, this::write);

    /**
     * @param mostOfUser streams that a user may have
     * @param onDue called when somebody must be announced as online
     */
    LeaseWriter(Leases leases, NodeLease node, int mostOfUser, RegistryMeters meters, Runnable onDue) {
        this.leases = leases;
        this.node = node;
        this.mostOfUser = mostOfUser;
        this.meters = meters;
        this.onDue = onDue;
    }

    /** Says something only of an arrival. Completes exceptionally when Redis is away. */
    CompletableFuture<Grant> submit(LeaseChange change) {
        return calls.submit(change);
    }

    /** Changes that no call has taken yet. */
    int waiting() {
        return calls.waiting();
    }

    private CompletableFuture<List<Grant>> write(List<LeaseChange> changes) {
        meters.batch.record(changes.size());
        return node.incarnation()
                .thenCompose(incarnation -> write(incarnation, changes))
                .thenApply(written -> granted(changes, written));
    }

    /** Where the lease has ended nothing was written: once more, under another one. */
    private CompletableFuture<Written> write(Incarnation incarnation, List<LeaseChange> changes) {
        return leases.write(incarnation, mostOfUser, changes).thenCompose(written -> written.isHeld()
                ? CompletableFuture.completedFuture(written)
                : node.successor(incarnation).thenCompose(next -> leases.write(next, mostOfUser, changes)));
    }

    private List<Grant> granted(List<LeaseChange> changes, Written written) {
        if (!written.isHeld()) {
            throw new IllegalStateException("A node's lease ended as soon as it began");
        }
        if (written.isDue()) {
            onDue.run();
        }
        Iterator<Grant> grants = written.grants().iterator();
        List<Grant> all = new ArrayList<>(changes.size());
        changes.forEach(change -> all.add(change.kind() == LeaseChange.Kind.ARRIVAL ? grants.next() : NONE));
        return all;
    }
}
