package dev.ssecluster.backplane;

import dev.ssecluster.backplane.PublishScript.Outgoing;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis. */
class PublishScriptIT {

    private static final Target USER = Target.user("u");
    private static final long NO_DEADLINE = Long.MAX_VALUE / 1024;

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final PublishScript publish =
            new PublishScript(new HistoryProperties(Duration.ofSeconds(60), 200), new JournalProperties(10));
    private final AdoptScript adopt = new AdoptScript(new HighestStored(() -> 0));

    @BeforeEach
    void empty() {
        redis.redis().flushall();
        redis.redis().scriptFlush();
    }

    @Test
    void whenTheEpochIsAnotherThenNothingIsWritten() {
        PublishAnswer answer = publish("another", NO_DEADLINE, USER);
        assertThat(answer.isRefused()).isTrue();
        assertThat(redis.redis().keys("*")).isEmpty();
    }

    @Test
    void whenADeadlineHasPassedThenOnlyThatMessageIsRefused() {
        AdoptScript.Adopted adopted = adopt(0);
        List<Outgoing> messages = List.of(outgoing(USER), outgoing(Target.user("late")), outgoing(USER));
        long[] deadlines = {NO_DEADLINE, adopted.now() - 1, NO_DEADLINE};
        PublishAnswer answer = get(publish.run(redis.connection().async(), adopted.epoch(), messages, deadlines));
        assertThat(answer.result(0)).isInstanceOf(PublishResult.Accepted.class);
        assertThat(answer.result(1)).isInstanceOf(PublishResult.NotSent.class);
        assertThat(answer.result(2)).isInstanceOf(PublishResult.Accepted.class);
        assertThat(redis.redis().exists(Keys.history(Target.user("late")))).isZero();
    }

    @Test
    void whenPublishedThenTheFrameIsInHistoryUnderItsIdAndExpiresAfterTheWindow() {
        AdoptScript.Adopted adopted = adopt(0);
        PublishAnswer answer = publish(adopted.epoch(), NO_DEADLINE, USER);
        var accepted = (PublishResult.Accepted) answer.result(0);
        assertThat(accepted.id()).isEqualTo(adopted.seq() + 1);
        StreamMessage<byte[], byte[]> entry = history().getFirst();
        assertThat(entry.getId()).isEqualTo(accepted.id() + "-0");
        byte[] frame = entry.getBody().values().iterator().next();
        assertThat(((Frame.Delivery) Frame.decode(USER, frame)).event().id()).isEqualTo(accepted.id());
        long left = redis.redis().pttl(Keys.history(USER));
        assertThat(left).isBetween(60_000L, 70_500L); // ids are 10 s ahead after adopting
    }

    @Test
    void whenAChannelHasManyEventsThenItsHistoryIsCappedInLength() {
        String epoch = adopt(0).epoch();
        for (int i = 0; i < 20; i++) {
            publish(epoch, NO_DEADLINE, IntStream.range(0, 50).mapToObj(_ -> USER).toArray(Target[]::new));
        }
        assertThat(redis.redis().xlen(Keys.history(USER))).isBetween(200L, 320L);
        assertThat(text(Keys.SEQ)).isEqualTo(history().getLast().getId().replace("-0", ""));
    }

    @Test
    void whenEventsAreOlderThanTheWindowThenTheyAreTrimmed() {
        String epoch = adopt(0).epoch();
        publish(epoch, NO_DEADLINE, IntStream.range(0, 150).mapToObj(_ -> USER).toArray(Target[]::new));
        long later = Long.parseLong(text(Keys.SEQ)) + 61_000_000;
        redis.redis().set(Keys.SEQ, Long.toString(later).getBytes(UTF_8));
        publish(epoch, NO_DEADLINE, USER, USER);
        assertThat(redis.redis().xlen(Keys.history(USER))).isLessThan(100);
    }

    @Test
    void whenMemoryIsFullThenNothingIsSentAndTheReasonIsTold() {
        String epoch = adopt(0).epoch();
        redis.redis().configSet("maxmemory", "1");
        try {
            PublishAnswer answer = publish(epoch, NO_DEADLINE, USER, USER);
            assertThat(answer.result(0)).isInstanceOf(PublishResult.NotSent.class);
            assertThat(answer.result(1)).isInstanceOf(PublishResult.NotSent.class);
            assertThat(answer.error()).contains("OOM");
        } finally {
            redis.redis().configSet("maxmemory", "0");
        }
        assertThat(redis.redis().exists(Keys.history(USER))).isZero();
    }

    @Test
    void whenItLivesForATimeThenItsFrameExpiresThatLongAfterNowThoughIdsAreAhead() {
        var expiring = new Publication(USER, "note", Priority.HIGH, new byte[] {'1'}, false, 604_800, null);
        PublishAnswer answer = publish(adopt(0).epoch(), expiring); // ids are 10 s ahead after adopting
        PublishResult.Accepted accepted = accepted(answer.result(0));
        Event event = event(history().getFirst());
        assertThat(accepted.time()).isEqualTo(answer.now()).isLessThan(accepted.id());
        assertThat(event.expiresAt()).isEqualTo(accepted.time() + 604_800_000_000L);
        assertThat(event.priority()).isEqualTo(Priority.HIGH);
        assertThat(event.persisted()).isFalse();
        assertThat(event.type()).isEqualTo("note");
        assertThat(event.data()).containsExactly('1');
    }

    @Test
    void whenPersistedThenTheFrameIsInTheJournalTooAndOtherwiseNot() {
        Target group = Target.group("g");
        PublishAnswer answer = publish(
                adopt(0).epoch(), TestNode.message(USER, "1", null), TestNode.persisted(group), TestNode.persisted(USER));
        assertThat(journal()).extracting(StreamMessage::getId)
                .containsExactly(accepted(answer.result(1)).id() + "-0", accepted(answer.result(2)).id() + "-0");
        List<byte[]> entry = List.copyOf(journal().getFirst().getBody().values());
        assertThat(new String(entry.getFirst(), UTF_8)).isEqualTo("sse:{0}:group:g");
        assertThat(entry.getLast()).isEqualTo(redis.redis().xrange(Keys.history(group), Range.<String>unbounded())
                .getFirst().getBody().values().iterator().next());
        assertThat(((Frame.Delivery) Frame.decode(group, entry.getLast())).event().persisted()).isTrue();
    }

    @Test
    void whenPersistedToAUserThenItsUnreadCountIsDroppedAndMarkedForADay() {
        String epoch = adopt(0).epoch();
        Keys.unread("u").subList(1, 3).forEach(key -> redis.redis().set(key, new byte[] {1}));
        PublishAnswer answer = publish(epoch, TestNode.persisted(USER));
        byte[] marks = Keys.unread("u").getFirst();
        byte[] mark = Long.toString(accepted(answer.result(0)).id()).getBytes(UTF_8);
        assertThat(redis.redis().zscore(marks, mark)).isEqualTo(answer.now() + 86_400_000_000d);
        assertThat(redis.redis().pttl(marks)).isGreaterThan(86_400_000);
        assertThat(redis.redis().exists(Keys.unread("u").get(1), Keys.unread("u").get(2))).isZero();
    }

    @Test
    void whenNotPersistedOrNotToAUserThenNobodyIsMarked() {
        publish(adopt(0).epoch(), TestNode.message(USER, "1", null), TestNode.persisted(Target.client("u")),
                TestNode.persisted(Target.group("u")), TestNode.persisted(Target.BROADCAST));
        assertThat(redis.redis().keys("*unread-dirty*")).isEmpty();
        assertThat(redis.redis().xlen(Keys.JOURNAL)).isEqualTo(3);
    }

    @Test
    void whenKeysAreOfManyKindsThenEachMessageFindsItsOwn() {
        var key = new Publication.IdempotencyKey("k", "body");
        var other = new Publication.IdempotencyKey("k2", "body");
        List<Outgoing> messages = Stream.of(
                        persisted(Target.user("a"), key), TestNode.message(USER, "1", other),
                        TestNode.persisted(Target.user("b")),
                        persisted(Target.group("c"), key), persisted(Target.user("d"), null))
                .map(Outgoing::of)
                .toList();
        long now = adopt(0).now();
        PublishAnswer answer = get(publish.run(redis.connection().async(), text(Keys.EPOCH), messages,
                new long[] {NO_DEADLINE, NO_DEADLINE, now - 1, NO_DEADLINE, NO_DEADLINE}));
        assertThat(answer.result(2)).isInstanceOf(PublishResult.NotSent.class);
        assertThat(accepted(answer.result(3)).replayed()).isTrue();
        assertThat(redis.redis().keys("*unread-dirty*")).extracting(marks -> new String(marks, UTF_8))
                .containsExactlyInAnyOrder("sse:{0}:unread-dirty:a", "sse:{0}:unread-dirty:d");
        assertThat(redis.redis().keys("*idem*")).hasSize(2);
        assertThat(redis.redis().xlen(Keys.JOURNAL)).isEqualTo(2);
    }

    @Test
    void whenTheJournalIsFullThenPersistedMessagesAreRefusedAndNothingIsWrittenForThem() {
        String epoch = adopt(0).epoch();
        publish(epoch, IntStream.range(0, 8).mapToObj(_ -> TestNode.persisted(USER)).toArray(Publication[]::new));
        Target late = Target.user("late");
        PublishAnswer answer = publish(epoch, TestNode.persisted(USER), TestNode.persisted(USER),
                persisted(late, new Publication.IdempotencyKey("full", "1")), TestNode.message(USER, "1", null));
        assertThat(answer.result(1)).isInstanceOf(PublishResult.Accepted.class);
        assertThat(answer.result(2)).isEqualTo(new PublishResult.JournalFull());
        assertThat(answer.result(3)).isInstanceOf(PublishResult.Accepted.class);
        assertThat(redis.redis().xlen(Keys.JOURNAL)).isEqualTo(10);
        assertThat(redis.redis().exists(Keys.history(late), Keys.unread("late").getFirst(), Keys.idempotency("full"))).isZero();
    }

    @Test
    void whenTheJournalIsFullThenAReplayStillGetsItsFirstAnswer() {
        String epoch = adopt(0).epoch();
        Publication once = persisted(USER, new Publication.IdempotencyKey("k", "1"));
        PublishResult.Accepted first = accepted(publish(epoch, once).result(0));
        publish(epoch, IntStream.range(0, 20).mapToObj(_ -> TestNode.persisted(USER)).toArray(Publication[]::new));
        assertThat(publish(epoch, TestNode.persisted(USER)).result(0)).isEqualTo(new PublishResult.JournalFull());
        assertThat(publish(epoch, once).result(0)).isEqualTo(new PublishResult.Accepted(first.id(), first.time(), 0, true, epoch));
    }

    @Test
    void whenTheHistoryRefusesAnEventThenItIsNotLeftInTheJournal() {
        String epoch = adopt(0).epoch();
        Target broken = Target.user("broken");
        redis.redis().set(Keys.history(broken), new byte[] {1});
        PublishAnswer answer = publish(epoch, TestNode.persisted(USER), TestNode.persisted(broken), TestNode.persisted(USER));
        assertThat(answer.result(1)).isInstanceOf(PublishResult.NotSent.class);
        assertThat(journal()).extracting(StreamMessage::getId)
                .containsExactly(accepted(answer.result(0)).id() + "-0", accepted(answer.result(2)).id() + "-0");
    }

    @Test
    void whenTheJournalRefusesAnEventThenNobodyFindsItInHistory() {
        String epoch = adopt(0).epoch();
        redis.redis().set(Keys.JOURNAL, new byte[] {1});
        PublishAnswer answer = publish(epoch, TestNode.persisted(USER), TestNode.message(USER, "1", null));
        assertThat(answer.result(0)).isInstanceOf(PublishResult.NotSent.class);
        assertThat(answer.error()).contains("WRONGTYPE");
        assertThat(history()).extracting(StreamMessage::getId).containsExactly(accepted(answer.result(1)).id() + "-0");
    }

    private PublishAnswer publish(String epoch, long deadline, Target... targets) {
        return publish(epoch, deadline, Arrays.stream(targets).map(PublishScriptIT::outgoing).toList());
    }

    private PublishAnswer publish(String epoch, Publication... messages) {
        return publish(epoch, NO_DEADLINE, Arrays.stream(messages).map(Outgoing::of).toList());
    }

    private PublishAnswer publish(String epoch, long deadline, List<Outgoing> messages) {
        long[] deadlines = new long[messages.size()];
        Arrays.fill(deadlines, deadline);
        return get(publish.run(redis.connection().async(), epoch, messages, deadlines));
    }

    private static Publication persisted(Target target, Publication.@Nullable IdempotencyKey key) {
        return new Publication(target, "note", Priority.NORMAL, new byte[] {'1'}, true, 0, key);
    }

    private static PublishResult.Accepted accepted(PublishResult result) {
        return (PublishResult.Accepted) result;
    }

    private static Event event(StreamMessage<byte[], byte[]> entry) {
        return ((Frame.Delivery) Frame.decode(USER, entry.getBody().values().iterator().next())).event();
    }

    private static List<StreamMessage<byte[], byte[]>> journal() {
        return redis.redis().xrange(Keys.JOURNAL, Range.<String>unbounded());
    }

    private static Outgoing outgoing(Target target) {
        return Outgoing.of(TestNode.message(target, "1", null));
    }

    private static List<StreamMessage<byte[], byte[]>> history() {
        return redis.redis().xrange(Keys.history(USER), Range.<String>unbounded());
    }

    private AdoptScript.Adopted adopt(long seen) {
        return get(adopt.run(redis.connection().async(), seen));
    }

    private static String text(byte[] key) {
        return new String(redis.redis().get(key), UTF_8);
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
    }
}
