package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The leases in Redis. Each of its scripts says which keys it has. */
final class RedisLeases implements Leases {

    private final NodeRenewScript renewScript;
    private final NodeLeaveScript leaveScript;
    private final LeasesScript writeScript;
    private final PresenceSweepScript sweepScript;
    private final BlockScript blockScript;
    private final PresenceUserScript userScript;
    private final NodesScript nodesScript;

    RedisLeases(Scripts scripts, RedisClock clock, PresenceProperties presence, NodeProperties node, HistoryProperties history) {
        this.renewScript = new NodeRenewScript(scripts, node.lease());
        this.leaveScript = new NodeLeaveScript(scripts);
        this.writeScript = new LeasesScript(scripts, clock, presence);
        this.sweepScript = new PresenceSweepScript(scripts, presence, node.lease(), history.window());
        this.blockScript = new BlockScript(scripts);
        this.userScript = new PresenceUserScript(scripts);
        this.nodesScript = new NodesScript(scripts);
    }

    @Override
    public CompletableFuture<Renewal> renew(NodeState node) {
        return renewScript.run(node);
    }

    @Override
    public CompletableFuture<Void> leave(Incarnation incarnation) {
        return leaveScript.run(incarnation).thenAccept(_ -> {});
    }

    @Override
    public CompletableFuture<Written> write(Incarnation incarnation, int mostOfUser, List<LeaseChange> changes) {
        return writeScript.run(incarnation, mostOfUser, changes);
    }

    @Override
    public CompletableFuture<Swept> sweep() {
        return sweepScript.run();
    }

    @Override
    public CompletableFuture<Void> block(Target userOrClient, Duration duration, boolean isFinal) {
        return blockScript.run(userOrClient, duration, isFinal).thenAccept(_ -> {});
    }

    @Override
    public CompletableFuture<UserLeases> user(String user) {
        return userScript.run(user);
    }

    @Override
    public CompletableFuture<Nodes> nodes() {
        return nodesScript.run();
    }
}
