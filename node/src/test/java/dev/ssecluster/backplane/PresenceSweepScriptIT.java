package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Leases.Connection;
import dev.ssecluster.backplane.Leases.Incarnation;
import dev.ssecluster.backplane.Leases.Swept;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static dev.ssecluster.backplane.PresenceFixture.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis. */
class PresenceSweepScriptIT {

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final PresenceFixture cluster = new PresenceFixture(redis, adopted);

    @Test
    void whenAUserComesThenItIsAnnouncedOnceWhoeverLooks() {
        Incarnation a = cluster.begin("a");
        cluster.arrive(a, "c", "u");
        List<CompletableFuture<Swept>> sweeps = IntStream.range(0, 20).mapToObj(_ -> cluster.leases.sweep()).toList();
        assertThat(sweeps.stream().mapToInt(sweep -> TestNode.get(sweep).came()).sum()).isEqualTo(1);
        cluster.arrive(a, "c", "u");
        cluster.sweep();
        assertThat(cluster.announced("u")).containsExactly(status("u", "online"));
    }

    @Test
    void whenAPageIsLoadedAnewWithinTheGraceThenNothingIsAnnounced() {
        Incarnation a = cluster.begin("a");
        LeaseChange stream = cluster.arrive(a, "c", "u");
        cluster.sweep();
        cluster.depart(a, stream);
        cluster.lookAt("u"); // somebody looks early
        assertThat(cluster.sweep().went()).isZero();
        cluster.arrive(a, "c", "u");
        cluster.passGrace("u");
        cluster.sweep();
        assertThat(cluster.announced("u")).containsExactly(status("u", "online"));
    }

    @Test
    void whenTheGraceHasPassedThenTheUserIsOfflineOnceAndComesBackOnce() {
        Incarnation a = cluster.begin("a");
        LeaseChange stream = cluster.arrive(a, "c", "u");
        cluster.sweep();
        cluster.depart(a, stream);
        cluster.passGrace("u");
        assertThat(cluster.sweep()).isEqualTo(new Swept(0, 1, 0, false));
        assertThat(cluster.sweep()).isEqualTo(new Swept(0, 0, 0, false));
        assertThat(cluster.exists(Keys.PRESENCE_DUE)).isFalse();
        cluster.arrive(a, "c", "u");
        cluster.sweep();
        assertThat(cluster.announced("u"))
                .containsExactly(status("u", "online"), status("u", "offline"), status("u", "online"));
    }

    @Test
    void whenAUserIsOnlineThenItIsAlwaysLookedAtAgainWhenItsLeaseEnds() {
        Incarnation a = cluster.begin("a");
        cluster.arrive(a, "c", "u");
        cluster.sweep();
        assertThat(cluster.lookedAtIn("u")).isGreaterThan(Duration.ofSeconds(290));
        redis.redis().del(Keys.online("u")); // it ended, because departure and refreshes were lost
        cluster.lookAt("u");
        assertThat(cluster.sweep().went()).isEqualTo(1);
    }

    @Test
    void whenOneLeaseEndedAndAnotherDidNotThenTheEndedOneIsRemoved() {
        Incarnation a = cluster.begin("a");
        LeaseChange ended = cluster.arrive(a, "c", "u");
        LeaseChange open = cluster.arrive(a, "c", "u");
        byte[] member = (ended.connection() + " " + a.name() + " c").getBytes(UTF_8);
        assertThat(redis.redis().zadd(Keys.online("u"), (double) cluster.now(), member)).isZero();
        assertThat(cluster.user("u").connections()).extracting(Connection::connection).containsExactly(open.connection());
        assertThat(cluster.sweep()).isEqualTo(new Swept(1, 0, 0, false));
        cluster.lookAt("u");
        assertThat(cluster.sweep()).isEqualTo(new Swept(0, 0, 1, false));
        assertThat(redis.redis().hlen(Keys.client("c"))).isEqualTo(1);
    }

    @Test
    void whenANodeDiesThenWhatItHadGoesAndItsUsersToo() {
        Incarnation dead = cluster.begin("dead");
        Incarnation b = cluster.begin("b");
        cluster.renew(dead, Set.of("g"), Set.of());
        cluster.arrive(dead, "c", "u");
        cluster.arrive(dead, "c", "v");
        cluster.arrive(b, "c", "v");
        cluster.sweep();
        cluster.lapse(dead, Duration.ofSeconds(3)); // it was last seen 11 s ago
        assertThat(cluster.user("u").connections()).as("does not count before anybody sweeps").isEmpty();
        assertThat(cluster.user("v").connections()).hasSize(1);
        assertThat(cluster.sweep()).isEqualTo(new Swept(0, 1, 2, true));
        assertThat(cluster.sweep()).isEqualTo(new Swept(0, 0, 0, true));
        assertThat(cluster.sweep()).isEqualTo(new Swept(0, 0, 0, false));
        assertThat(cluster.announced("u")).containsExactly(status("u", "online"), status("u", "offline"));
        assertThat(cluster.announced("v")).containsExactly(status("v", "online"));
        assertThat(redis.redis().hlen(Keys.client("c"))).isEqualTo(1);
        assertThat(redis.redis().zcard(Keys.NODES)).isEqualTo(1);
        assertThat(redis.redis().hlen(Keys.NODE_INFO)).isEqualTo(1);
        assertThat(cluster.exists(Keys.nodeGroups(dead.name()))).isFalse();
        assertThat(cluster.user("u").seen()).isBetween(cluster.now() - 13_000_000, cluster.now() - 11_000_000);
    }

    @Test
    void whenANodeHasJustDiedThenItsUsersKeepTheRestOfTheirGrace() {
        Incarnation dead = cluster.begin("dead");
        cluster.arrive(dead, "c", "u");
        cluster.sweep();
        cluster.lapse(dead, Duration.ZERO); // seen 8 s ago
        assertThat(cluster.sweep().removed()).isEqualTo(1);
        assertThat(cluster.sweep().went()).isZero();
        assertThat(cluster.lookedAtIn("u")).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void whenANodeWithManyUsersDiesThenItIsDoneInParts() {
        Incarnation dead = cluster.begin("dead");
        for (int i = 0; i < 5; i++) {
            int first = 100 * i;
            cluster.write(dead, IntStream.range(first, first + 100).mapToObj(n -> cluster.stream("c" + n, "u" + n))
                    .toArray(LeaseChange[]::new));
        }
        int came = 0;
        for (Swept swept = cluster.sweep(); swept.came() > 0; swept = cluster.sweep()) {
            came += swept.came();
        }
        cluster.lapse(dead, Duration.ofSeconds(3));
        int went = 0;
        int removed = 0;
        Swept swept;
        do {
            swept = cluster.sweep();
            went += swept.went();
            removed += swept.removed();
        } while (swept.hasMore());
        assertThat(List.of(came, went, removed)).containsExactly(500, 500, 500);
        assertThat(redis.redis().keys("sse:{0}:online:*")).isEmpty();
        assertThat(cluster.exists(Keys.PRESENT)).isFalse();
    }

    @Test
    void whenRedisWasAwayThenNodesGetTheTimeToRenewTheirLeases() {
        Incarnation a = cluster.begin("a");
        LeaseChange stream = cluster.arrive(a, "c", "u");
        cluster.sweep();
        cluster.lapse(a, Duration.ofSeconds(20));
        redis.redis().set(Keys.PRESENCE_SWEPT, (cluster.now() - 20_000_000 + " 0").getBytes(UTF_8));
        cluster.lookAt("u");
        assertThat(cluster.sweep()).isEqualTo(new Swept(0, 0, 0, false));
        assertThat(cluster.lookedAtIn("u")).isBetween(Duration.ofSeconds(14), Duration.ofSeconds(16));
        cluster.write(cluster.begin("a"), PresenceFixture.as(LeaseChange.Kind.REFRESH, stream));
        redis.redis().set(Keys.PRESENCE_SWEPT, (cluster.now() + " 0").getBytes(UTF_8)); // that time has passed
        assertThat(cluster.sweep().removed()).isEqualTo(1);
        cluster.passGrace("u");
        assertThat(cluster.sweep().went()).isZero();
        assertThat(cluster.user("u").connections()).extracting(Connection::connection).containsExactly(stream.connection());
        assertThat(cluster.user("u").connections()).extracting(Connection::info).containsExactly(stream.info());
    }

    @Test
    void whenAnIdNeedsEscapesThenTheEventIsJson() {
        Incarnation a = cluster.begin("a");
        cluster.arrive(a, "c", "a\"b\\c/é %s");
        cluster.sweep();
        assertThat(cluster.announced("a\"b\\c/é %s")).containsExactly(status("a\\\"b\\\\c/é %s", "online"));
    }

    @Test
    void whenIdsAreAheadOfTheClockThenTheEventsIdIsAboveAll() {
        Incarnation a = cluster.begin("a");
        long ahead = cluster.now() + 5_000_000;
        redis.redis().set(Keys.SEQ, LuaScript.number(ahead));
        cluster.arrive(a, "c", "u");
        cluster.sweep();
        long id = cluster.announcements("u").getFirst().id();
        assertThat(id).isEqualTo(ahead + 1);
        assertThat(Long.parseLong(new String(redis.redis().get(Keys.SEQ), UTF_8))).isGreaterThanOrEqualTo(id);
    }
}
