package dev.ssecluster.backplane;

import dev.ssecluster.backplane.PublishScript.Outgoing;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.event.Trace;
import dev.ssecluster.model.Priority;
import io.lettuce.core.Range;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Messages that their publishers follow, among others. */
class TracedPublishIT {

    private static final Target USER = Target.user("u");
    private static final Trace ONE = new Trace("4bf92f3577b34da6a3ce929d0e0e4736");
    private static final Trace OTHER = new Trace("00000000000000000000000000000001");

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final List<Frame> heard = new CopyOnWriteArrayList<>();

    @Test
    void whenSomeMessagesAreTracedThenEachTraceComesRightBeforeItsEvent() {
        try (var connection = redis.listen()) {
            connection.addListener(new Listener());
            connection.sync().subscribe(Keys.channel(USER));
            PublishAnswer answer = publish(plain(), traced(false, ONE), plain(), traced(true, OTHER));
            await().until(() -> heard.size() == 6);
            assertThat(heard.stream().map(TracedPublishIT::shown)).containsExactly(
                    id(answer, 0), id(answer, 1) + " by " + ONE.id(), id(answer, 1), id(answer, 2), id(answer, 3) + " by " + OTHER.id(),
                    id(answer, 3));
        }
        assertThat(redis.redis().xlen(Keys.JOURNAL)).isOne();
        assertThat(redis.redis().xrange(Keys.history(USER), Range.<String>unbounded()))
                .extracting(entry -> Frame.decode(USER, entry.getBody().values().iterator().next()))
                .hasSize(4).allMatch(frame -> frame instanceof Frame.Delivery(Event event) && event.trace() == null);
    }

    private final class Listener extends RedisPubSubAdapter<byte[], byte[]> {

        @Override
        public void message(byte[] channel, byte[] frame) {
            heard.add(Frame.decode(USER, frame));
        }
    }

    private static PublishAnswer publish(Publication... messages) {
        String epoch = get(new AdoptScript(new HighestStored(() -> 0)).run(redis.connection().async(), 0)).epoch();
        long[] deadlines = new long[messages.length];
        Arrays.fill(deadlines, Long.MAX_VALUE / 1024);
        var script = new PublishScript(new HistoryProperties(Duration.ofSeconds(60), 200), new JournalProperties(10));
        return get(script.run(redis.connection().async(), epoch, Stream.of(messages).map(Outgoing::of).toList(), deadlines));
    }

    private static Publication plain() {
        return TestNode.message(USER, "1", null);
    }

    private static Publication traced(boolean persisted, Trace trace) {
        return new Publication(USER, "note", Priority.NORMAL, new byte[] {'1'}, persisted, 60, null, trace);
    }

    private static String id(PublishAnswer answer, int index) {
        return Long.toString(((PublishResult.Accepted) answer.result(index)).id());
    }

    private static String shown(Frame frame) {
        return switch (frame) {
            case Frame.Delivery(Event event) -> Long.toString(event.id());
            case Frame.Traced(long id, Trace trace) -> id + " by " + trace.id();
            default -> frame.toString();
        };
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
    }
}
