package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static dev.ssecluster.backplane.TestNode.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two nodes on one Redis. */
class BackplaneIT {

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final RecordingSink sink = new RecordingSink();
    private final TestNode sender = new TestNode(redis.details(), new RecordingSink());
    private final TestNode receiver = new TestNode(redis.details(), sink);

    @BeforeEach
    void ready() {
        sender.awaitReady();
        receiver.awaitReady();
    }

    @AfterEach
    void close() {
        sender.close();
        receiver.close();
    }

    @Test
    void whenSentOnOneNodeThenHeardOnTheOtherForAllKindsOfTargets() {
        List<Target> targets =
                List.of(Target.user("u/1"), Target.client("c:1"), Target.group("公告"), Target.BROADCAST);
        receiver.acquire(targets.toArray(Target[]::new));
        List<Long> ids =
                targets.stream().map(target -> sender.sendAccepted(target, "1").id()).toList();
        await().untilAsserted(() -> assertThat(sink.ids()).isEqualTo(ids));
        assertThat(sink.events.stream().map(Event::target)).isEqualTo(targets);
    }

    @Test
    void whenHeardThenTheEventIsAsItWasSent() {
        Target user = Target.user("whole");
        receiver.acquire(user);
        var sent = new Publication(user, "chat.message", Priority.URGENT, "{\"a\":\"😀\"}".getBytes(UTF_8), false, 0, null);
        var accepted = (PublishResult.Accepted)
                TestNode.get(sender.backplane.publish(List.of(sent))).getFirst();
        await().until(() -> !sink.events.isEmpty());
        Event event = sink.events.getFirst();
        assertThat(event)
                .usingRecursiveComparison()
                .isEqualTo(new Event(accepted.id(), user, Priority.URGENT, false, 0, "chat.message", sent.data()));
        assertThat(accepted.nodes()).isEqualTo(1);
        assertThat(accepted.replayed()).isFalse();
    }

    @Test
    void whenNobodyListensThenTheSendIsAcceptedForNoNode() {
        assertThat(sender.sendAccepted(Target.user("nobody"), "1").nodes()).isZero();
    }

    @Test
    void whenAListIsPublishedThenItsOrderIsKeptOverManyCalls() {
        Target group = Target.group("order");
        receiver.acquire(group);
        List<Publication> messages = IntStream.range(0, 1_000)
                .mapToObj(i -> message(group, Integer.toString(i), null))
                .toList();
        List<PublishResult> results = TestNode.get(sender.backplane.publish(messages));
        await().until(() -> sink.events.size() == 1_000);
        assertThat(sink.events.stream().map(event -> new String(event.data(), UTF_8)))
                .isEqualTo(IntStream.range(0, 1_000).mapToObj(Integer::toString).toList());
        assertThat(results.stream().map(result -> ((PublishResult.Accepted) result).id())).isEqualTo(sink.ids());
        assertThat(sink.ids()).isSorted();
    }

    @Test
    void whenTheKeyIsRepeatedThenTheFirstAnswerComesAgainAndNothingIsSent() {
        Target user = Target.user("once");
        receiver.acquire(user);
        var key = new Publication.IdempotencyKey("key-1", "body with blanks");
        var other = new Publication.IdempotencyKey("key-1", "another");
        List<PublishResult> results = TestNode.get(sender.backplane.publish(
                List.of(message(user, "1", key), message(user, "1", key), message(user, "2", other))));
        var first = (PublishResult.Accepted) results.getFirst();
        assertThat(results)
                .containsExactly(
                        new PublishResult.Accepted(first.id(), first.time(), 1, false, first.epoch()),
                        new PublishResult.Accepted(first.id(), first.time(), 1, true, first.epoch()),
                        new PublishResult.KeyReused());
        long fence = TestNode.get(receiver.backplane.fence());
        await().until(() -> sink.probes.stream().anyMatch(id -> id >= fence));
        assertThat(sink.ids()).containsExactly(first.id());
    }

    @Test
    void whenTheFenceIsReadThenItCoversWhatWasAcceptedBefore() {
        long id = sender.sendAccepted(Target.user("fenced"), "1").id();
        assertThat(TestNode.get(receiver.backplane.fence())).isGreaterThanOrEqualTo(id);
    }

    @Test
    void whenOneMessageCannotBeStoredThenTheOthersAreSent() {
        Target broken = Target.user("broken");
        redis.redis().set(Keys.history(broken), new byte[] {1});
        List<PublishResult> results = TestNode.get(sender.backplane.publish(List.of(
                message(Target.user("a"), "1", null), message(broken, "2", null), message(Target.user("b"), "3", null))));
        assertThat(results.get(0)).isInstanceOf(PublishResult.Accepted.class);
        assertThat(results.get(1)).isInstanceOf(PublishResult.NotSent.class);
        assertThat(results.get(2)).isInstanceOf(PublishResult.Accepted.class);
    }

    @Test
    void whenTheLastUserHasGoneThenTheChannelIsLeft() {
        Target user = Target.user("leaving");
        receiver.acquire(user);
        receiver.backplane.release(List.of(user));
        await().untilAsserted(() -> assertThat(redis.redis().pubsubNumsub(Keys.channel(user)).values())
                .containsExactly(0L));
    }

    @Test
    void whenIdleThenProbesAreHeard() {
        await().until(() -> receiver.backplane.isReady() && sink.probes.size() >= 3);
        assertThat(sink.gaps).hasValue(0);
    }

    @Test
    void whenRedisIsFlushedThenIdsStillAscend() {
        long before = sender.sendAccepted(Target.user("flushed"), "1").id();
        redis.redis().flushall();
        long after = sender.sendAccepted(Target.user("flushed"), "2").id();
        assertThat(after).isGreaterThan(before + 10_000_000);
        assertThat(new String(redis.redis().get(Keys.BORN), UTF_8)).satisfies(born -> assertThat(Long.parseLong(born))
                .isGreaterThan(before)
                .isLessThan(after));
    }
}
