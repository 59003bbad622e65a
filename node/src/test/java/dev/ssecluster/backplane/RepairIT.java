package dev.ssecluster.backplane;

import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import io.lettuce.core.KillArgs;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Under load, on a Redis that is ill-treated: every event comes once, in order; or a gap is told before what follows it. */
class RepairIT {

    private static final Target[] TARGETS = Traffic.TARGETS.toArray(Target[]::new);

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final RedisServerExtension redis = new RedisServerExtension();
    private final StoredInMemory stored = new StoredInMemory();
    private final Heard heard = new Heard();

    @BeforeEach
    void start() {
        System.out.println("RepairIT seed " + seed);
        redis.start();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void whenThePubSubConnectionIsKilledUnderLoadThenNothingIsMissed() throws Exception {
        try (TestNode sender = node(new Heard());
                TestNode node = node(heard);
                Traffic traffic = traffic(sender, node, 3)) {
            for (int i = 0; i < 25; i++) {
                kill();
                await().pollInterval(Duration.ofMillis(1)).until(() -> isSubscribed() || node.backplane.isReady());
                kill(); // mostly while the first one is repaired
                node.awaitReady();
                awaitProgress(traffic, 50);
            }
            assertComplete(traffic);
            assertThat(replaced(node)).isGreaterThanOrEqualTo(25);
        }
    }

    @Test
    void whenRedisIsFlushedUnderLoadThenNothingIsMissedAndIdsAscend() throws Exception {
        try (TestNode sender = node(new Heard());
                TestNode node = node(heard);
                Traffic traffic = traffic(sender, node, 2)) {
            for (int i = 0; i < 3; i++) {
                awaitProgress(traffic, 200);
                redis.redis().flushall();
            }
            awaitProgress(traffic, 200);
            assertComplete(traffic);
        }
    }

    @Test
    void whenRedisIsFlushedWhileTheConnectionIsLostThenPersistedEventsComeFromTheDatabaseAndTheGapIsTold() throws Exception {
        try (TestNode sender = node(new Heard());
                TestNode node = node(heard);
                Traffic traffic = traffic(sender, node, 2)) {
            for (int i = 0; i < 5; i++) {
                awaitProgress(traffic, 100);
                redis.redis().multi();
                redis.redis().clientKill(KillArgs.Builder.typePubsub());
                redis.redis().flushall();
                redis.redis().exec();
                node.awaitReady();
            }
            awaitProgress(traffic, 100);
            stopAndHear(traffic);
            heard.verify(traffic.accepted, traffic.uncertain);
            assertThat(heard.reasons()).containsExactly(ResetReason.HISTORY_LOST);
            assertThat(heard.gaps()).allMatch(gap -> gap.persistedUpTo() == 0);
        }
    }

    @Test
    void whenTheDatabaseIsAwayTooThenThatIsTheReason() throws Exception {
        try (TestNode sender = node(new Heard());
                TestNode node = node(heard);
                Traffic traffic = traffic(sender, node, 2)) {
            awaitProgress(traffic, 100);
            stored.isAway = true;
            redis.redis().multi();
            redis.redis().clientKill(KillArgs.Builder.typePubsub());
            redis.redis().flushall();
            redis.redis().exec();
            await().until(() -> replaced(node) > 0);
            node.awaitReady();
            awaitProgress(traffic, 100);
            stopAndHear(traffic);
            assertThat(heard.reasons()).containsExactly(ResetReason.STORE_UNAVAILABLE);
            assertThat(heard.gaps()).isNotEmpty().allMatch(gap -> gap.persistedUpTo() > gap.last()); // so streams know where it ends
        }
    }

    @Test
    void whenRedisRestartsEmptyUnderLoadThenPersistedEventsComeOnceAndTheGapIsTold() throws Exception {
        try (TestNode sender = node(new Heard());
                TestNode node = node(heard);
                Traffic traffic = traffic(sender, node, 2)) {
            for (int i = 0; i < 3; i++) {
                awaitProgress(traffic, 200);
                redis.stop();
                redis.start();
                sender.awaitReady();
                node.awaitReady();
            }
            awaitProgress(traffic, 200);
            stopAndHear(traffic);
            heard.verify(traffic.accepted, traffic.uncertain);
        }
    }

    @Test
    void whenRedisRestartsWithAnOlderCopyAheadOfItsClockThenNoIdIsIssuedTwice() throws Exception {
        redis.redis().set(Keys.SEQ, LuaScript.number(4_000_000_000_000_000L)); // in 2096
        try (TestNode sender = node(new Heard());
                TestNode node = node(heard);
                Traffic traffic = traffic(sender, node, 2)) {
            for (int i = 0; i < 3; i++) {
                awaitProgress(traffic, 200);
                redis.redis().save();
                awaitProgress(traffic, 200); // is not in the copy
                redis.restartWithWhatWasSaved();
                sender.awaitReady();
                node.awaitReady();
            }
            awaitProgress(traffic, 200);
            stopAndHear(traffic);
            assertThat(traffic.accepted.firstKey()).isGreaterThan(4_000_000_000_000_000L);
            heard.verify(traffic.accepted, traffic.uncertain);
        }
    }

    @Test
    void whenRedisIsPausedUnderLoadThenNothingIsMissed() throws Exception {
        try (TestNode sender = node(new Heard());
                TestNode node = node(heard);
                Traffic traffic = traffic(sender, node, 2)) {
            for (int i = 0; i < 2; i++) {
                awaitProgress(traffic, 100);
                redis.pause();
                await().until(() -> !node.backplane.isReady() && !sender.backplane.isReady());
                redis.resume();
                sender.awaitReady();
                node.awaitReady();
            }
            awaitProgress(traffic, 100);
            assertComplete(traffic);
        }
    }

    /** The node was left without its connection until the history had forgotten what it missed. */
    @Test
    void whenTheHistoryIsTooShortThenTheGapIsTold() throws Exception {
        var tiny = new HistoryProperties(Duration.ofMinutes(10), 1);
        try (TestNode sender = node(new Heard(), tiny);
                FreezingProxy proxy = new FreezingProxy(redis.port());
                TestNode node = new TestNode(RedisServerExtension.details(proxy.port()), heard, TestNode.FAST,
                        TestNode.publishing(Duration.ofMillis(1500)), tiny, stored)) {
            sender.awaitReady();
            node.awaitReady().acquire(TARGETS);
            proxy.freezeThoseThatSent("SUBSCRIBE");
            try (Traffic traffic = new Traffic(sender, stored, 2, seed)) {
                await().until(() -> replaced(node) > 0);
                node.awaitReady();
                stopAndHear(traffic);
                heard.verify(traffic.accepted, traffic.uncertain);
            }
            assertThat(heard.reasons()).containsExactly(ResetReason.HISTORY_LOST);
        }
    }

    @Test
    void whenNothingWasSentForLongerThanTheHistoryLastsThenARepairIsStillComplete() {
        var brief = new HistoryProperties(Duration.ofSeconds(1), 100);
        try (TestNode node = node(heard, brief)) {
            node.acquire(TARGETS);
            long begin = System.nanoTime();
            await().until(() -> System.nanoTime() - begin > Duration.ofMillis(1_500).toNanos());
            kill();
            await().until(() -> replaced(node) == 1);
            node.awaitReady();
            assertThat(heard.reasons()).isEmpty();
        }
    }

    @Test
    void whenTheNodeHasManyChannelsThenARepairIsStillQuick() {
        try (TestNode sender = node(new Heard());
                TestNode node = node(heard)) {
            List<Target> users = IntStream.range(0, 20_000).mapToObj(i -> Target.user("many" + i)).toList();
            for (int i = 0; i < users.size(); i += 2_000) {
                TestNode.get(node.backplane.acquire(users.subList(i, i + 2_000)));
            }
            kill();
            List<Publication> messages = users.stream().map(user -> TestNode.message(user, "1", null)).toList();
            for (int i = 0; i < messages.size(); i += 1_000) {
                assertThat(TestNode.get(sender.backplane.publish(messages.subList(i, i + 1_000))))
                        .allMatch(PublishResult.Accepted.class::isInstance);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> heard.count() == users.size());
            var repairs = node.meters.timer(BackplaneMeters.REPAIR, "result", "complete");
            await().until(() -> repairs.count() > 0);
            assertThat(repairs.max(TimeUnit.SECONDS)).isLessThan(5);
            assertThat(heard.reasons()).isEmpty();
            System.out.println("Repair of 20 000 channels: " + repairs.max(TimeUnit.MILLISECONDS) + " ms");
        }
    }

    private TestNode node(Heard sink) {
        return node(sink, new HistoryProperties(Duration.ofMinutes(10), 100_000)); // load is heavier here than for a channel in life
    }

    private TestNode node(Heard sink, HistoryProperties history) {
        return new TestNode(redis.details(), sink, TestNode.FAST, TestNode.publishing(Duration.ofMillis(1500)), history, stored)
                .awaitReady();
    }

    private Traffic traffic(TestNode sender, TestNode node, int senders) {
        node.acquire(TARGETS);
        return new Traffic(sender, stored, senders, seed);
    }

    private void kill() {
        redis.redis().clientKill(KillArgs.Builder.typePubsub());
    }

    private boolean isSubscribed() {
        return redis.redis().pubsubNumsub(Keys.channel(Target.BROADCAST)).values().stream().anyMatch(count -> count > 0);
    }

    private void awaitProgress(Traffic traffic, int count) {
        int least = traffic.accepted.size() + 1 + random.nextInt(count);
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(2)).until(() -> traffic.accepted.size() >= least);
    }

    private void assertComplete(Traffic traffic) throws Exception {
        stopAndHear(traffic);
        assertThat(heard.reasons()).isEmpty();
        heard.verify(traffic.accepted, traffic.uncertain);
    }

    private void stopAndHear(Traffic traffic) throws Exception {
        long last = traffic.stop().lastAccepted();
        await().atMost(Duration.ofSeconds(20)).until(() -> heard.last() >= last);
    }

    private static double replaced(TestNode node) {
        return node.meters.counter(BackplaneMeters.REPLACED, "connection", "pubsub").count();
    }
}
