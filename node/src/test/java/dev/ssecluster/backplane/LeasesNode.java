package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.Target;
import dev.ssecluster.test.RedisServer;
import java.net.URI;
import java.util.Collection;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A node's backplane with nothing but its leases to use, for tests of other packages. */
public final class LeasesNode implements AutoCloseable {

    private final RecordingSink sink = new RecordingSink();
    private final TestNode node;

    public LeasesNode(RedisServer redis, PresenceProperties presence, NodeProperties membership) {
        int port = URI.create(redis.uri()).getPort();
        node = new TestNode(RedisServerExtension.details(port), sink, presence, membership);
    }

    public LeasesNode awaitReady() {
        node.awaitReady();
        return this;
    }

    public Leases leases() {
        return node.backplane.leases();
    }

    /** Hears from now on who comes and goes. */
    public void follow(Collection<String> users) {
        node.acquire(users.stream().map(user -> Target.group("presence:" + user)).toArray(Target[]::new));
    }

    /** What was heard, as {@code <type> <data>}. */
    public List<String> heard() {
        return sink.events.stream().map(event -> event.type() + " " + new String(event.data(), UTF_8)).toList();
    }

    public NodeId id() {
        return node.id;
    }

    @Override
    public void close() {
        node.close();
    }
}
