package dev.ssecluster.backplane;

import dev.ssecluster.backplane.PublishScript.Outgoing;
import dev.ssecluster.event.Target;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

    private final PublishScript publish = new PublishScript(new HistoryProperties(Duration.ofSeconds(60), 200), new JournalProperties(10));
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

    private PublishAnswer publish(String epoch, long deadline, Target... targets) {
        List<Outgoing> messages =
                Arrays.stream(targets).map(PublishScriptIT::outgoing).toList();
        long[] deadlines = new long[targets.length];
        Arrays.fill(deadlines, deadline);
        return get(publish.run(redis.connection().async(), epoch, messages, deadlines));
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
