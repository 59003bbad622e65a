package dev.ssecluster.backplane;

import dev.ssecluster.backplane.LeaseChange.Kind;
import dev.ssecluster.backplane.Leases.Connection;
import dev.ssecluster.backplane.Leases.Grant;
import dev.ssecluster.backplane.Leases.Incarnation;
import dev.ssecluster.backplane.Leases.Written;
import dev.ssecluster.event.Target;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static dev.ssecluster.backplane.PresenceFixture.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** On a real Redis. */
class LeasesScriptIT {

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final PresenceFixture cluster = new PresenceFixture(redis, adopted);

    @Test
    void whenStreamsArriveThenEachLearnsHowManyItsUserHasInTheCluster() {
        Incarnation a = cluster.begin("a");
        Incarnation b = cluster.begin("b");
        cluster.arrive(b, "c", "u");
        Written written = cluster.write(a, cluster.stream("c", "u"), cluster.stream("d", null), cluster.stream("e f", "u"));
        assertThat(written).isEqualTo(new Written(true, true, List.of(
                new Grant(2, 0, false), new Grant(0, 0, false), new Grant(3, 0, false))));
        assertThat(cluster.user("u").connections()).extracting(Connection::node).containsExactlyInAnyOrder("a", "a", "b");
        assertThat(cluster.user("u").connections()).extracting(Connection::client).containsExactlyInAnyOrder("c", "c", "e f");
    }

    @Test
    void whenDeadNodesHaveLeftStreamsThenTheyMakeNotTooMany() {
        Incarnation dead = cluster.begin("a");
        Incarnation b = cluster.begin("b");
        IntStream.range(0, 150).forEach(_ -> cluster.arrive(dead, "c", "u"));
        cluster.lapse(dead, Duration.ofMillis(1));
        Incarnation a = cluster.begin("a");
        assertThat(streams(a, 2)).isEqualTo(1);
        assertThat(streams(b, 2)).isEqualTo(2);
        assertThat(streams(a, 2)).isEqualTo(3);
        assertThat(streams(b, 2)).as("one too many is enough").isEqualTo(3);
        assertThat(streams(a, 5)).isEqualTo(5);
        assertThat(streams(a, 1_000)).as("as long as it does not matter nobody looks closer").isEqualTo(156);
    }

    /** Of a user of whom one more arrives. */
    private int streams(Incarnation node, int mostOfUser) {
        return TestNode.get(cluster.leases.write(node, mostOfUser, List.of(cluster.stream("c", "u")))).grants().getFirst().streams();
    }

    @Test
    void whenLeasesAreWrittenThenTheyEndByThemselves() {
        Incarnation a = cluster.begin("a");
        cluster.arrive(a, "c", "u");
        assertThat(redis.redis().pttl(Keys.online("u"))).isBetween(299_000L, 300_000L);
        assertThat(redis.redis().pttl(Keys.client("c"))).isBetween(599_000L, 600_000L);
    }

    @Test
    void whenALeaseIsRefreshedThenItLastsAsLongAsANewOne() {
        Incarnation a = cluster.begin("a");
        LeaseChange stream = cluster.arrive(a, "c", "u");
        redis.redis().pexpire(Keys.online("u"), 1_000);
        redis.redis().del(Keys.client("c"));
        assertThat(cluster.write(a, as(Kind.REFRESH, stream)).grants()).isEmpty();
        assertThat(redis.redis().pttl(Keys.online("u"))).isBetween(299_000L, 300_000L);
        assertThat(cluster.user("u").connections()).extracting(Connection::info).containsExactly(stream.info());
    }

    @Test
    void whenAStreamDepartsThenOnlyWhatItHasWrittenGoes() {
        Incarnation a = cluster.begin("a");
        LeaseChange first = cluster.arrive(a, "c", "u");
        LeaseChange second = cluster.arrive(a, "c", "u");
        cluster.depart(a, first);
        assertThat(cluster.user("u").connections()).extracting(Connection::connection).containsExactly(second.connection());
        assertThat(redis.redis().smembers(Keys.nodeUsers(a.name()))).hasSize(1);
        cluster.depart(a, first);
        cluster.depart(a, cluster.stream("c", "u"));
        assertThat(cluster.user("u").connections()).hasSize(1);
        cluster.depart(a, second);
        assertThat(cluster.exists(Keys.online("u"))).isFalse();
        assertThat(cluster.exists(Keys.client("c"))).isFalse();
        assertThat(cluster.exists(Keys.nodeUsers(a.name()))).isFalse();
    }

    @Test
    void whenTheLastStreamHereDepartsWhileThereAreOthersElsewhereThenThisNodeHasTheUserNoMore() {
        Incarnation a = cluster.begin("a");
        Incarnation b = cluster.begin("b");
        cluster.arrive(b, "c", "u");
        cluster.depart(a, cluster.arrive(a, "c", "u"));
        assertThat(cluster.exists(Keys.nodeUsers(a.name()))).isFalse();
        assertThat(cluster.user("u").connections()).hasSize(1);
    }

    @Test
    void whenAnAnonymousStreamComesAndGoesThenNobodyIsLookedAt() {
        Incarnation a = cluster.begin("a");
        LeaseChange stream = cluster.stream("c", null);
        assertThat(cluster.write(a, stream).isDue()).isFalse();
        cluster.write(a, as(Kind.REFRESH, stream));
        assertThat(cluster.exists(Keys.client("c"))).as("what nobody would remove when this node dies").isFalse();
        cluster.depart(a, stream);
        assertThat(cluster.exists(Keys.PRESENCE_DUE)).isFalse();
    }

    @Test
    void whenANodesLeaseHasEndedOrWasLostThenNothingIsWritten() {
        Incarnation a = cluster.begin("a");
        cluster.lapse(a, Duration.ofMillis(1));
        assertThat(cluster.write(a, cluster.stream("c", "u")).isHeld()).isFalse();
        assertThat(cluster.write(new Incarnation("never~1"), cluster.stream("c", "u")).isHeld()).isFalse();
        assertThat(cluster.exists(Keys.online("u"))).isFalse();
        assertThat(cluster.exists(Keys.client("c"))).isFalse();
    }

    @Test
    void whenAChangeIsReadTooLateThenItIsNotMade() {
        Incarnation a = cluster.begin("a");
        adopted.clock.learn(0, 0, 1); // this node's idea of the time is long gone, and so is every deadline
        assertThatThrownBy(() -> cluster.arrive(a, "c", "u")).hasCauseInstanceOf(BackplaneUnavailableException.class);
        assertThat(cluster.exists(Keys.online("u"))).isFalse();
    }

    @Test
    void whenAUserOrClientIsBlockedThenItLearnsSoAndIsNotThere() {
        Incarnation a = cluster.begin("a");
        TestNode.get(cluster.leases.block(Target.user("u"), Duration.ofSeconds(60), false));
        TestNode.get(cluster.leases.block(Target.client("c"), Duration.ofSeconds(30), true));
        var grants = cluster.write(a, cluster.stream("x", "u"), cluster.stream("c", "v"), cluster.stream("c", "u"),
                cluster.stream("c", null), cluster.stream("x", "v")).grants();
        assertThat(grants).extracting(Grant::isFinal).containsExactly(false, true, true, true, false);
        assertThat(grants).extracting(Grant::streams).containsExactly(0, 0, 0, 0, 1);
        assertThat(grants.get(0).blockMicros()).isBetween(59_000_000L, 60_000_000L);
        assertThat(grants.get(2).blockMicros()).isBetween(29_000_000L, 30_000_000L);
        assertThat(cluster.exists(Keys.online("u"))).isFalse();
    }

    @Test
    void whenAStreamThatWasRefusedIsRefreshedBeforeItDepartsThenItIsNotThere() {
        Incarnation a = cluster.begin("a");
        LeaseChange open = cluster.arrive(a, "c", "u");
        TestNode.get(cluster.leases.block(Target.user("u"), Duration.ofSeconds(60), false));
        LeaseChange refused = cluster.arrive(a, "c", "u");
        redis.redis().pexpire(Keys.online("u"), 1_000);
        cluster.write(a, as(Kind.REFRESH, refused), as(Kind.REFRESH, open));
        assertThat(cluster.user("u").connections()).extracting(Connection::connection).containsExactly(open.connection());
        assertThat(redis.redis().pttl(Keys.online("u"))).as("one that is open stays").isGreaterThan(200_000L);
    }

    @Test
    void whenABlockEndsThenTheKeysGoWithIt() {
        Incarnation a = cluster.begin("a");
        TestNode.get(cluster.leases.block(Target.user("u"), Duration.ofSeconds(60), true));
        TestNode.get(cluster.leases.block(Target.user("u"), Duration.ofMillis(1), false));
        await().until(() -> !cluster.exists(Keys.block(Target.user("u"))));
        assertThat(redis.redis().pttl(Keys.BLOCKED)).isBetween(50_000L, 60_000L);
        assertThat(cluster.write(a, cluster.stream("c", "u")).grants()).containsExactly(new Grant(1, 0, false));
    }

    @Test
    void whenAUserDepartsThenItIsKnownWhen() {
        Incarnation a = cluster.begin("a");
        assertThat(cluster.user("u").seen()).isZero();
        long before = cluster.now();
        cluster.depart(a, cluster.arrive(a, "c", "u"));
        assertThat(cluster.user("u").seen()).isBetween(before, cluster.now());
        assertThat(cluster.lookedAtIn("u")).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
    }
}
