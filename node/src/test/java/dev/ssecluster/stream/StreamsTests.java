package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The streams of a node, on several shards. */
class StreamsTests {

    private static final StreamProperties PROPERTIES = new StreamProperties(Duration.ofSeconds(20), Duration.ofSeconds(90),
            Duration.ofMinutes(10), DataSize.ofMegabytes(1), 1_000, 100, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5),
            3, 100, DataSize.ofKilobytes(64));
    private static final RetryDelay RETRY = new RetryDelay(Duration.ofSeconds(7), Duration.ofSeconds(7));
    private static final Target GROUP = Target.group("g");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Streams streams = new Streams(PROPERTIES, () -> 1, registry);
    private final Joins joins = new Joins(streams);
    private final Queue<Stream> registered = new ConcurrentLinkedQueue<>();
    private final Queue<Stream> closed = new ConcurrentLinkedQueue<>();
    private final List<RandomSink> sinks = new ArrayList<>();

    @AfterEach
    void stop() {
        streams.stop();
    }

    private Stream register(String user) {
        List<Target> targets = List.of(Target.user(user), Target.client("c-" + user), GROUP, Target.BROADCAST);
        return streams.register(RunningStreams.options(targets, 1, false)).orElseThrow();
    }

    private Stream open(String user) {
        Stream stream = register(user);
        RandomSink sink = new RandomSink(stream, 1, Runnable::run, new ConcurrentLinkedQueue<>());
        sinks.add(sink);
        streams.begin(stream, Cursor.at(1), Cursor.at(1), 1);
        streams.goLive(stream);
        stream.shard().post(owner -> owner.open(stream, sink));
        return stream;
    }

    private void open(int count) {
        for (int i = 0; i < count; i++) {
            open("u" + i % 10);
        }
    }

    private static Event event(long id, Target target) {
        return new Event(id, target, Priority.NORMAL, false, 0, "t", "1".getBytes(StandardCharsets.UTF_8));
    }

    private <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(5, TimeUnit.SECONDS).join();
    }

    @Test
    void whenAllStreamsOfATargetAreClosedThenTheCountIsExactAndTheyAreGone() {
        open(50);
        register("u3");
        assertThat(get(streams.closeAll(Target.user("u3"), CloseReason.DISCONNECTED, RETRY))).isEqualTo(6);
        assertThat(streams.count()).isEqualTo(45);
        assertThat(get(streams.of(Target.user("u3")))).isEmpty();
        assertThat(get(streams.closeAll(Target.user("u3"), CloseReason.DISCONNECTED, RETRY))).isZero();
        assertThat(get(streams.closeAll(Target.user("nobody"), CloseReason.DISCONNECTED, RETRY))).isZero();
        assertThat(get(streams.closeAll(Target.BROADCAST, CloseReason.DISCONNECTED, RETRY))).isEqualTo(45);
        assertThat(streams.count()).isZero();
        assertThat(sinks).allSatisfy(sink -> assertThat(sink.ownEvents())
                .containsExactly("sse.goaway{\"reason\":\"disconnected\",\"retry_ms\":7000}"));
    }

    @Test
    void whenStreamsComeAndGoThenEveryListenerHearsOfEachOnce() {
        streams.onRegistered(registered::add);
        streams.onClosed(closed::add);
        List<Stream> alsoClosed = new ArrayList<>();
        streams.onClosed(stream -> {
            synchronized (alsoClosed) {
                alsoClosed.add(stream);
            }
        });
        open(30);
        assertThat(registered).hasSize(30).doesNotHaveDuplicates();
        registered.forEach(streams::abandon);
        registered.forEach(streams::abandon);
        await().until(() -> streams.count() == 0);
        assertThat(closed).containsExactlyInAnyOrderElementsOf(registered);
        synchronized (alsoClosed) {
            assertThat(alsoClosed).containsExactlyElementsOf(closed).hasSize(30);
        }
    }

    @Test
    void whenAStreamIsAskedWhoItIsThenItSaysAlsoAfterItsEnd() {
        StreamOptions options = RunningStreams.options(List.of(Target.user("u"), Target.client("c"), GROUP, Target.BROADCAST), 1, false);
        Stream stream = streams.register(options).orElseThrow();
        StreamInfo info = new StreamInfo(options.connectionId(), "c", "u", List.of("g"), 1);
        assertThat(stream.info()).isEqualTo(info);
        assertThat(get(joins.join(stream, Target.group("h"), Set.of()))).isTrue();
        assertThat(stream.info().groups()).containsExactly("g", "h");
        assertThat(get(joins.join(stream, Target.group("h"), Set.of("t")))).as("a member already").isFalse();
        assertThat(get(joins.leave(stream, Target.group("h")))).isTrue();
        assertThat(get(joins.leave(stream, GROUP))).as("it named that itself").isFalse();
        assertThat(get(joins.leave(stream, Target.group("nowhere")))).isFalse();
        streams.abandon(stream);
        await().until(() -> streams.count() == 0);
        assertThat(stream.info()).isEqualTo(info);
        assertThat(get(joins.join(stream, Target.group("h"), Set.of()))).isFalse();
        assertThat(streams.topics.find(Target.group("h"))).as("nothing is left").isNull();
    }

    @Test
    void whenAllSlicesAreVisitedThenEachStreamIsHandedOverOnce() {
        open(300);
        List<StreamInfo> seen = new ArrayList<>();
        int largest = 0;
        for (int slice = 0; slice < 10; slice++) {
            List<StreamInfo> infos = new ArrayList<>();
            Queue<Integer> shards = new ConcurrentLinkedQueue<>();
            streams.visit(slice, 10, some -> {
                synchronized (infos) {
                    infos.addAll(some);
                }
                shards.add(some.size());
            });
            await().until(() -> shards.size() == 3);
            largest = Math.max(largest, infos.size());
            seen.addAll(infos);
        }
        assertThat(seen).hasSize(300);
        assertThat(new HashSet<>(seen)).hasSize(300);
        assertThat(largest).as("even").isLessThan(80);
    }

    @Test
    void whenWhatWasMissedHasNotBeenHeardOfYetThenTheStreamStaysHeldUntilItHas() {
        Stream stream = open("u");
        RandomSink sink = sinks.getFirst();
        Hold hold = get(joins.hold("u")).getFirst();
        Target joined = Target.group("joined");
        get(joins.join(stream, joined, Set.of()));
        joins.settle(hold, List.of(event(12, joined))); // read, while 11 is still on its way
        streams.onEvent(event(11, GROUP));
        streams.onEvent(event(12, joined));
        streams.onEvent(event(13, GROUP));
        await().until(() -> sink.received() == 3);
        assertThat(sink.ids()).containsExactly(11L, 12L, 13L);
    }

    @Test
    void whenAHoldIsGivenUpThenTheClientIsToldAndTheStreamGoesOn() {
        Stream stream = open("u");
        RandomSink sink = sinks.getFirst();
        Hold hold = get(joins.hold(stream));
        streams.onEvent(event(11, GROUP));
        joins.giveUp(hold);
        joins.giveUp(hold);
        await().until(() -> sink.received() == 1);
        assertThat(sink.ownEvents()).containsExactly("sse.reset{\"reason\":\"store-unavailable\"}");
    }

    @Test
    void whenNobodyIsThereThenThereIsNothingToHold() {
        assertThat(get(joins.hold("nobody"))).isEmpty();
    }
}
