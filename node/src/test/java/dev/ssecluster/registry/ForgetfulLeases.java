package dev.ssecluster.registry;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.LeaseChange;
import dev.ssecluster.backplane.Leases;
import dev.ssecluster.event.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The leases in Redis, but some calls that carry refreshes do not reach it. */
record ForgetfulLeases(Leases real, AtomicInteger failures) implements Leases {

    ForgetfulLeases(Leases real) {
        this(real, new AtomicInteger());
    }

    @Override
    public CompletableFuture<Written> write(Incarnation incarnation, int mostOfUser, List<LeaseChange> changes) {
        boolean isLost = changes.stream().anyMatch(change -> change.kind() == LeaseChange.Kind.REFRESH)
                && failures.getAndUpdate(rest -> Math.max(0, rest - 1)) > 0;
        return isLost
                ? CompletableFuture.failedFuture(new BackplaneUnavailableException("as if Redis had not answered"))
                : real.write(incarnation, mostOfUser, changes);
    }

    @Override
    public CompletableFuture<Renewal> renew(NodeState node) {
        return real.renew(node);
    }

    @Override
    public CompletableFuture<Void> leave(Incarnation incarnation) {
        return real.leave(incarnation);
    }

    @Override
    public CompletableFuture<Swept> sweep() {
        return real.sweep();
    }

    @Override
    public CompletableFuture<Void> block(Target userOrClient, Duration duration, boolean isFinal) {
        return real.block(userOrClient, duration, isFinal);
    }

    @Override
    public CompletableFuture<UserLeases> user(String user) {
        return real.user(user);
    }

    @Override
    public CompletableFuture<Nodes> nodes() {
        return real.nodes();
    }
}
