package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Journal.Removal;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.TestServices;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Redis is paused, killed or emptied under the journal and the unread cache. */
class JournalFailureIT {

    private static final Target USER = Target.user("u");

    /** What asks Redis, each once. */
    private static List<Function<TestNode, CompletableFuture<?>>> calls(Event event) {
        return List.of(
                node -> node.backplane.journal().read(0),
                node -> node.backplane.journal().remove(List.of(event)),
                node -> node.backplane.journal().bury(event, "reason"),
                node -> node.backplane.journal().abandoned(Duration.ZERO, Duration.ofSeconds(1), 10),
                node -> node.backplane.journal().depth(),
                node -> node.backplane.unread().look("u"),
                node -> node.backplane.unread().store("u", "lease", 1, 0),
                node -> node.backplane.unread().change("u"),
                node -> node.backplane.unread().changed("u", "token"));
    }

    @Test
    void whenRedisIsPausedThenAllIsAnsweredInTimeAndGoesOnAfterwards() {
        try (RedisServer redis = TestServices.newRedis(); TestNode node = node(redis)) {
            Event event = node.persist(USER).getFirst();
            redis.pause();
            long start = System.nanoTime();
            List<? extends CompletableFuture<?>> asked = calls(event).stream().map(call -> call.apply(node)).toList();
            asked.forEach(JournalFailureIT::isUnavailable);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
            redis.resume();
            node.awaitReady();
            calls(event).forEach(call -> TestNode.get(call.apply(node)));
            assertThat(TestNode.get(node.backplane.journal().depth()).entries()).isZero();
        }
    }

    @Test
    void whenRedisIsKilledAndComesBackWithItsDataThenTheJournalIsWhole() {
        try (RedisServer redis = TestServices.newPersistentRedis(); TestNode node = node(redis)) {
            List<Event> events = node.persist(USER, Target.BROADCAST, USER);
            TestNode.get(node.backplane.journal().remove(events.subList(0, 1)));
            killed(redis, node, events.getFirst());
            redis.restart();
            node.awaitReady();
            assertThat(TestNode.get(node.backplane.journal().read(0)).events())
                    .usingRecursiveFieldByFieldElementComparator()
                    .isEqualTo(events.subList(1, 3));
            assertThat(TestNode.get(node.backplane.journal().remove(events)))
                    .extracting(Removal::found)
                    .containsExactly(false, true, true);
        }
    }

    @Test
    void whenRedisComesBackEmptyThenRemovalSaysThatItIsAnotherEpoch() {
        try (RedisServer redis = TestServices.newRedis(); TestNode node = node(redis)) {
            PublishResult.Accepted accepted =
                    (PublishResult.Accepted) TestNode.get(node.backplane.publish(List.of(TestNode.persisted(USER)))).getFirst();
            Event event = TestNode.event(accepted, TestNode.persisted(USER));
            killed(redis, node, event);
            redis.restartEmpty();
            node.awaitReady();
            Removal removal = TestNode.get(node.backplane.journal().remove(List.of(event))).getFirst();
            assertThat(removal.found()).isFalse();
            assertThat(removal.epoch()).isNotEqualTo(accepted.epoch());
            assertThat(TestNode.get(node.backplane.journal().read(0)).fence()).isGreaterThan(event.id());
            assertThat(TestNode.get(node.backplane.unread().look("u"))).isEqualTo(new UnreadCache.Lookup.Dirty());
        }
    }

    /** A new node has seen no ids, so only the database knows them. */
    @Test
    void whenRedisAndAllNodesStartAnewThenIdsGoOnBeyondThoseInTheDatabase() {
        try (RedisServer redis = TestServices.newRedis(); TestNode node = new TestNode(details(redis), new RecordingSink())) {
            node.awaitReady();
            long stored = node.persist(USER).getFirst().id() + 3_600_000_000L;
            redis.kill();
            await().until(() -> !node.backplane.isReady());
            node.highestStored.set(stored);
            redis.restartEmpty();
            node.awaitReady();
            assertThat(node.persist(USER).getFirst().id()).isGreaterThan(stored);
        }
    }

    private static void killed(RedisServer redis, TestNode node, Event event) {
        redis.kill();
        await().until(() -> !node.backplane.isReady());
        calls(event).forEach(call -> isUnavailable(call.apply(node)));
    }

    private static void isUnavailable(CompletableFuture<?> call) {
        assertThat(call)
                .failsWithin(Duration.ofSeconds(3))
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(BackplaneUnavailableException.class);
    }

    private static TestNode node(RedisServer redis) {
        return new TestNode(details(redis), new RecordingSink()).awaitReady();
    }

    private static DataRedisConnectionDetails details(RedisServer redis) {
        return RedisServerExtension.details(URI.create(redis.uri()).getPort());
    }
}
