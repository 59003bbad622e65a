package dev.ssecluster.proof;

import dev.ssecluster.test.Database;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.TestNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** Nodes in this JVM that share a Redis and a database, with short delays. */
final class Cluster implements AutoCloseable {

    /** What makes failures show within a test's patience. */
    static final List<String> QUICK = List.of(
            "sse.stream.retry-min=20ms", "sse.stream.retry-max=100ms", "sse.stream.heartbeat-interval=1s",
            "sse.stream.max-streams-per-user=1000", "sse.backplane.probe-interval=200ms", "sse.backplane.probe-timeout=1s");

    private final List<TestNode> nodes = new ArrayList<>();

    private Cluster() {}

    /** Starts so many nodes and waits until they are ready; further settings are {@code name=value}. */
    static Cluster start(int count, RedisServer redis, Database database, String... settings) {
        Cluster cluster = new Cluster();
        Map<String, String> byName = new LinkedHashMap<>(); // a test's own come last and win
        Stream.concat(QUICK.stream(), Stream.of(settings)).forEach(setting -> byName.put(setting.split("=", 2)[0], setting));
        List<String> all = List.copyOf(byName.values());
        for (int i = 0; i < count; i++) {
            cluster.nodes.add(TestNode.startOn(redis, database, all.toArray(String[]::new)));
        }
        cluster.nodes.forEach(TestNode::awaitReady);
        return cluster;
    }

    TestNode node(int index) {
        return nodes.get(index);
    }

    List<TestNode> nodes() {
        return nodes;
    }

    /** A node's port at random, whenever it is asked. */
    IntSupplier anyPort(Random random) {
        int[] ports = nodes.stream().mapToInt(TestNode::port).toArray();
        return () -> ports[random.nextInt(ports.length)];
    }

    boolean isReady() {
        return nodes.stream().allMatch(TestNode::isReady);
    }

    void awaitReady() {
        nodes.forEach(TestNode::awaitReady);
    }

    int streams() {
        return nodes.stream().mapToInt(TestNode::streams).sum();
    }

    @Override
    public void close() {
        nodes.forEach(TestNode::close);
    }
}
