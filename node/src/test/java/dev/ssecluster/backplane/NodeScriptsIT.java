package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Leases.Incarnation;
import dev.ssecluster.backplane.Leases.Node;
import dev.ssecluster.backplane.Leases.NodeState;
import dev.ssecluster.backplane.Leases.Nodes;
import dev.ssecluster.backplane.Leases.Swept;
import dev.ssecluster.event.NodeId;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** Renewing, leaving and reading nodes, on a real Redis. */
class NodeScriptsIT {

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final PresenceFixture cluster = new PresenceFixture(redis, adopted);

    @Test
    void whenNodesLiveThenTheyAreKnown() {
        Incarnation a = cluster.begin("a");
        cluster.begin("b.c-d_e");
        assertThat(cluster.renew(a, Set.of(), Set.of())).isTrue();
        assertThat(nodes().nodes()).containsExactlyInAnyOrder(new Node("a", "{}"), new Node("b.c-d_e", "{\"of\":\"b.c-d_e\"}"));
    }

    @Test
    void whenALeaseHasEndedOrWasLostThenItCannotBeRenewed() {
        Incarnation a = cluster.begin("a");
        cluster.lapse(a, Duration.ofMillis(1));
        assertThat(cluster.renew(a, Set.of("g"), Set.of())).isFalse();
        assertThat(nodes().nodes()).isEmpty();
        Incarnation b = cluster.begin("b");
        redis.redis().flushall();
        adopted.readopt();
        assertThat(cluster.renew(b, Set.of("g"), Set.of())).isFalse();
        assertThat(cluster.exists(Keys.nodeGroups(b.name()))).isFalse();
    }

    @Test
    void whenNodesHaveTheSameGroupThenItCountsOnce() {
        Incarnation a = cluster.begin("a");
        Incarnation b = cluster.begin("b");
        cluster.renew(a, Set.of("g", "h"), Set.of());
        assertThat(nodes().groups()).isEqualTo(2);
        cluster.renew(b, Set.of("h", "i"), Set.of());
        assertThat(nodes().groups()).isEqualTo(3);
        cluster.renew(a, Set.of(), Set.of("g"));
        assertThat(nodes().groups()).isEqualTo(2);
        TestNode.get(cluster.leases.renew(new NodeState(b, false, "{}", true, null, Set.of("j"), Set.of())));
        assertThat(nodes().groups()).as("told anew").isEqualTo(2);
        cluster.lapse(b, Duration.ofMillis(1));
        assertThat(nodes().groups()).isEqualTo(1);
    }

    @Test
    void whenThereAreTooManyGroupsThenTheyAreNotCounted() {
        Incarnation a = cluster.begin("a");
        for (int part = 0; part < 21; part++) {
            int first = 1_000 * part;
            cluster.renew(a, IntStream.range(first, first + 1_000).mapToObj(i -> "g" + i).collect(Collectors.toSet()), Set.of());
        }
        assertThat(nodes().groups()).isNegative();
    }

    @Test
    void whenANodeStopsThenNothingOfItStays() {
        Incarnation a = cluster.begin("a");
        cluster.renew(a, Set.of("g"), Set.of());
        LeaseChange stream = cluster.arrive(a, "c", "u");
        TestNode.get(cluster.leases.leave(a));
        assertThat(nodes().nodes()).as("somebody must remove its stream").hasSize(1);
        cluster.depart(a, stream);
        TestNode.get(cluster.leases.leave(a));
        assertThat(nodes().nodes()).isEmpty();
        assertThat(cluster.exists(Keys.NODE_INFO)).isFalse();
        assertThat(cluster.exists(Keys.nodeGroups(a.name()))).isFalse();
    }

    @Test
    void whenAnIncarnationReplacesOneThatLivesThenTheNodeIsThereOnceAndNobodyIsGivenUp() {
        Incarnation former = cluster.begin("a");
        LeaseChange stream = cluster.arrive(former, "c", "u");
        cluster.sweep();
        Incarnation next = cluster.replace(former);
        assertThat(nodes().nodes()).containsExactly(new Node("a", "{}"));
        assertThat(cluster.write(former, stream).isHeld()).isFalse();
        cluster.passGrace("u");
        assertThat(cluster.sweep()).as("it has time to write its streams again").isEqualTo(new Swept(0, 0, 0, false));
        cluster.write(next, PresenceFixture.as(LeaseChange.Kind.REFRESH, stream));
        redis.redis().del(Keys.PRESENCE_SWEPT); // that time has passed
        assertThat(cluster.sweep().removed()).as("what the former one has left").isEqualTo(1);
        assertThat(cluster.user("u").connections()).hasSize(1);
        assertThat(cluster.announced("u")).containsExactly(PresenceFixture.status("u", "online"));
    }

    @Test
    void whenTheFormerIncarnationIsGoneThenItDoesNotComeBack() {
        cluster.replace(Incarnation.of(new NodeId("a")));
        assertThat(redis.redis().zcard(Keys.NODES)).isEqualTo(1);
    }

    @Test
    void whenANodeBeginsAgainThenItIsAnotherIncarnationOfTheSameId() {
        Incarnation first = Incarnation.of(new NodeId("n.1"));
        Incarnation second = Incarnation.of(new NodeId("n.1"));
        assertThat(first).isNotEqualTo(second);
        assertThat(first.node()).isEqualTo("n.1").isEqualTo(second.node());
        assertThat(new Incarnation("plain").node()).isEqualTo("plain");
    }

    private Nodes nodes() {
        return TestNode.get(cluster.leases.nodes());
    }
}
