package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import dev.ssecluster.metric.MeterNames;
import io.lettuce.core.KillArgs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Connections and Redis itself come and go; the node stays. */
class FailureIT {

    private static final Target USER = Target.user("u");

    private final RedisServerExtension redis = new RedisServerExtension();
    private final RecordingSink sink = new RecordingSink();

    @AfterEach
    void close() throws IOException {
        redis.close();
    }

    @Test
    void whenRedisIsAbsentAtTheStartThenTheNodeRefusesAndRecoversByItself() throws IOException {
        try (TestNode node = new TestNode(redis.details(), sink)) {
            assertThat(node.backplane.isReady()).isFalse();
            assertThat(node.send(USER, "1")).isInstanceOf(PublishResult.NotSent.class);
            assertThatThrownBy(() -> node.acquire(USER))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(BackplaneUnavailableException.class);
            assertThatThrownBy(() -> TestNode.get(node.backplane.fence()))
                    .hasCauseInstanceOf(BackplaneUnavailableException.class);
            redis.start();
            node.awaitReady().acquire(USER);
            long id = node.sendAccepted(USER, "2").id();
            await().untilAsserted(() -> assertThat(sink.ids()).containsExactly(id));
        }
    }

    @Test
    void whenRedisRestartsWithoutItsDataThenIdsAscendAndTheGapIsTold() throws IOException {
        redis.start();
        try (TestNode node = new TestNode(redis.details(), sink)) {
            node.awaitReady().acquire(USER);
            long before = node.sendAccepted(USER, "1").id();
            await().until(() -> sink.events.size() == 1);
            redis.stop();
            await().until(() -> !node.backplane.isReady());
            assertThat(node.send(USER, "lost")).isNotInstanceOf(PublishResult.Accepted.class);
            redis.start();
            node.awaitReady();
            long after = node.sendAccepted(USER, "2").id();
            assertThat(after).isGreaterThan(before);
            await().untilAsserted(() -> assertThat(sink.ids()).containsExactly(before, after));
            assertThat(sink.gaps).hasValueGreaterThan(0);
        }
    }

    @Test
    void whenThePubSubConnectionIsKilledThenChannelsAreSubscribedAgain() throws IOException {
        redis.start();
        try (TestNode node = new TestNode(redis.details(), sink)) {
            node.awaitReady().acquire(USER);
            await().until(() -> !sink.probes.isEmpty());
            redis.redis().clientKill(KillArgs.Builder.typePubsub());
            await().until(() -> replaced(node, "pubsub") == 1);
            node.awaitReady();
            long id = node.sendAccepted(USER, "1").id();
            await().untilAsserted(() -> assertThat(sink.ids()).containsExactly(id));
            assertThat(sink.gaps).hasValue(0); // nothing was issued meanwhile, and the probe proves the rest
        }
    }

    @Test
    void whenSomethingWasIssuedWhileThePubSubConnectionWasLostThenTheHistoryProvesThatNothingWasMissed() throws IOException {
        redis.start();
        try (TestNode sender = new TestNode(redis.details(), new RecordingSink());
                TestNode node = new TestNode(redis.details(), sink)) {
            sender.awaitReady();
            node.awaitReady().acquire(USER);
            await().until(() -> !sink.probes.isEmpty());
            // one step on Redis: the connection dies, and an event is issued before anybody can be back
            redis.redis().multi();
            redis.redis().clientKill(KillArgs.Builder.typePubsub());
            redis.redis().incr(Keys.SEQ);
            redis.redis().exec();
            await().until(() -> replaced(node, "pubsub") == 1);
            node.awaitReady();
            assertThat(sink.gaps).hasValue(0);
        }
    }

    @Test
    void whenTheCommandConnectionIsKilledThenItIsAdoptedAgainAndDeliveryGoesOn() throws IOException {
        redis.start();
        try (TestNode node = new TestNode(redis.details(), sink)) {
            node.awaitReady().acquire(USER);
            redis.redis().clientKill(KillArgs.Builder.typeNormal().skipme());
            await().until(() -> replaced(node, "commands") == 1);
            node.awaitReady();
            long id = node.sendAccepted(USER, "1").id();
            await().untilAsserted(() -> assertThat(sink.ids()).containsExactly(id));
            assertThat(replaced(node, "pubsub")).isZero();
        }
    }

    @Test
    void whenThePubSubConnectionIsDeafThenTheProbeNoticesAndItIsReplaced() throws Exception {
        redis.start();
        try (FreezingProxy proxy = new FreezingProxy(redis.port());
                TestNode node = new TestNode(RedisServerExtension.details(proxy.port()), sink)) {
            node.awaitReady().acquire(USER);
            proxy.freezeThoseThatSent("SUBSCRIBE");
            long start = System.nanoTime();
            long unheard = node.sendAccepted(USER, "unheard").id();
            await().until(() -> replaced(node, "pubsub") >= 1);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            node.awaitReady();
            long id = node.sendAccepted(USER, "heard").id();
            await().untilAsserted(() -> assertThat(sink.ids()).containsExactly(unheard, id));
            assertThat(sink.gaps).hasValue(0);
        }
    }

    @Test
    void whenRedisStopsAnsweringThenTheNodeIsNotReadyUntilItDoes() throws IOException {
        redis.start();
        try (TestNode node = new TestNode(redis.details(), sink)) {
            node.awaitReady();
            redis.pause();
            await().atMost(3, TimeUnit.SECONDS).until(() -> !node.backplane.isReady());
            redis.resume();
            node.awaitReady();
            assertThat(node.send(USER, "1")).isInstanceOf(PublishResult.Accepted.class);
        }
    }

    @Test
    void whenAnotherVersionOrRubbishIsPublishedThenItIsCountedAndSkipped() throws IOException {
        redis.start();
        try (TestNode node = new TestNode(redis.details(), sink)) {
            node.awaitReady().acquire(USER);
            List.of(new byte[] {4, 1, 2}, new byte[] {1}, new byte[0], "\u0001rubbish".getBytes(UTF_8))
                    .forEach(frame -> redis.redis().publish(Keys.channel(USER), frame));
            long id = node.sendAccepted(USER, "1").id();
            await().untilAsserted(() -> assertThat(sink.ids()).containsExactly(id));
            assertThat(skipped(node, "unknown-version")).isEqualTo(1);
            assertThat(skipped(node, "malformed")).isEqualTo(3);
        }
    }

    @Test
    void whenAnotherNodeHasAdoptedAnEarlierRunThenThisOneStillSends() throws IOException {
        redis.start();
        try (TestNode node = new TestNode(redis.details(), sink)) {
            node.awaitReady();
            AtomicInteger accepted = new AtomicInteger();
            redis.redis().set(Keys.EPOCH, "another".getBytes(UTF_8));
            for (int i = 0; i < 3; i++) {
                accepted.addAndGet(node.sendAccepted(USER, "1").nodes() + 1);
            }
            assertThat(accepted).hasValue(3);
        }
    }

    private static double replaced(TestNode node, String connection) {
        return node.meters.counter(MeterNames.BACKPLANE_CONNECTION_REPLACED, "connection", connection).count();
    }

    private static double skipped(TestNode node, String reason) {
        return node.meters.counter(MeterNames.BACKPLANE_FRAMES_SKIPPED, "reason", reason).count();
    }
}
