package dev.ssecluster.registry;

import dev.ssecluster.backplane.Leases.Connection;
import dev.ssecluster.backplane.Leases.Node;
import dev.ssecluster.backplane.Leases.Nodes;
import dev.ssecluster.backplane.Leases.UserLeases;
import dev.ssecluster.model.ClusterInfo;
import dev.ssecluster.model.UserPresence;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What callers see of the registry. */
final class RegistryViews {

    private RegistryViews() {}

    static ClusterInfo of(Nodes found) {
        List<ClusterInfo.Node> nodes = found.nodes().stream()
                .filter(node -> !node.info().isEmpty())
                .map(node -> node(found.now(), node))
                .sorted(Comparator.comparing(ClusterInfo.Node::id))
                .toList();
        long streams = nodes.stream().mapToLong(ClusterInfo.Node::streams).sum();
        return new ClusterInfo(nodes, new ClusterInfo.Totals(
                nodes.size(), streams, found.users(), found.groups() < 0 ? null : found.groups()));
    }

    static UserPresence of(String userId, UserLeases found) {
        List<UserPresence.Connection> connections = found.connections().stream()
                .filter(connection -> !connection.info().isEmpty())
                .map(RegistryViews::connection)
                .sorted(Comparator.comparing(UserPresence.Connection::since))
                .toList();
        boolean online = !found.connections().isEmpty() || found.isAnnounced();
        return new UserPresence(
                userId, online, online ? UserPresence.ONLINE : UserPresence.OFFLINE, lastSeen(found), connections);
    }

    private static ClusterInfo.Node node(long now, Node node) {
        NodeInfo info = NodeInfo.parse(node.info());
        return new ClusterInfo.Node(node.node(), info.address(), info.version(),
                Math.max(0, TimeUnit.MICROSECONDS.toSeconds(now - info.started())), instant(info.started()),
                info.streams(), info.users(), info.groups());
    }

    private static UserPresence.Connection connection(Connection found) {
        ConnectionInfo info = ConnectionInfo.parse(found.info());
        return new UserPresence.Connection(
                found.connection(), found.client(), found.node(), info.groups(), instant(info.since()));
    }

    private static @Nullable Instant lastSeen(UserLeases found) {
        long seen = found.connections().isEmpty() ? found.seen() : found.now();
        return seen == 0 ? null : instant(seen);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
