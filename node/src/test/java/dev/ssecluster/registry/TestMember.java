package dev.ssecluster.registry;

import dev.ssecluster.backplane.Leases;
import dev.ssecluster.backplane.LeasesNode;
import dev.ssecluster.backplane.NodeProperties;
import dev.ssecluster.backplane.PresenceProperties;
import dev.ssecluster.stream.StreamInfo;
import dev.ssecluster.test.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node of which only the registry is real, and Redis. */
final class TestMember implements AutoCloseable {

    static final PresenceProperties PRESENCE = new PresenceProperties(
            Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofMillis(800), Duration.ofDays(30));
    static final NodeProperties MEMBERSHIP = new NodeProperties(Duration.ofSeconds(1), Duration.ofMillis(200), null);

    final TestStreams streams;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final LeasesNode backplane;
    final ForgetfulLeases leases;
    private final RunningRegistry registry;

    TestMember(RedisServer redis) {
        this(redis, MEMBERSHIP, PRESENCE.refreshInterval(), new TestStreams());
    }

    TestMember(RedisServer redis, NodeProperties membership, Duration refreshInterval, TestStreams streams) {
        this.streams = streams;
        backplane = new LeasesNode(redis, PRESENCE, membership).awaitReady();
        leases = new ForgetfulLeases(backplane.leases());
        registry = new RunningRegistry(leases, backplane.id(), streams, this::info, refreshInterval,
                membership.renewInterval(), new UserLimit(20), new RegistryMeters(meters));
        registry.start();
    }

    private NodeInfo info() {
        return new NodeInfo("here", "test", 0, streams.count(), streams.users(), streams.groups().size(), 0, 0, 0);
    }

    Leases leases() {
        return backplane.leases();
    }

    Registry registry() {
        return registry.registry();
    }

    static StreamInfo stream(@Nullable String user, String... groups) {
        String connection = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        return new StreamInfo(connection, "client of " + user, user, List.of(groups), 1_000_000);
    }

    /** Without waiting. */
    CompletableFuture<Admission> opening(StreamInfo stream) {
        streams.add(stream, opened -> registry.registry().expect(opened.connectionId()));
        return registry().arrive(stream);
    }

    StreamInfo open(@Nullable String user, String... groups) {
        StreamInfo stream = stream(user, groups);
        admitted(opening(stream));
        return stream;
    }

    static Admission admitted(CompletableFuture<Admission> arrival) {
        return arrival.orTimeout(10, TimeUnit.SECONDS).join();
    }

    void shut(StreamInfo stream) {
        streams.remove(stream, registry.registry()::left);
    }

    double counter(String name) {
        return meters.get(name).counter().count();
    }

    /** Everything stops, and nobody is told. */
    void crash() {
        backplane.close();
        registry.stop();
    }

    /** As a node stops whose streams have ended. */
    @Override
    public void close() {
        registry.stop();
        backplane.close();
    }
}
