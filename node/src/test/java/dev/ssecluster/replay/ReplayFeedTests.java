package dev.ssecluster.replay;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.model.Priority;
import dev.ssecluster.stream.RunningStreams;
import dev.ssecluster.stream.Stream;
import dev.ssecluster.stream.StreamProperties;
import dev.ssecluster.stream.Streams;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Feeding streams of real shards, whose exchange has not been handed over yet. */
class ReplayFeedTests {

    private static final StreamProperties PROPERTIES = new StreamProperties(Duration.ofSeconds(30), Duration.ofSeconds(90),
            Duration.ofSeconds(5), DataSize.ofKilobytes(256), 100, 100, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5), 1, 100,
            DataSize.ofKilobytes(64));
    private static final Target USER = Target.user("u");
    private static final long FENCE = 10;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final Streams streams = create();
    private final ReplayFeed feed = new ReplayFeed(streams, new ReplayMeters(registry));
    private final Stream stream = streams.register(RunningStreams.options(List.of(USER), 1, false)).orElseThrow();
    private final Queue<Long> asked = new ConcurrentLinkedQueue<>();

    /** Streams have no constructor for others. */
    private Streams create() {
        context.registerBean(StreamProperties.class, () -> PROPERTIES);
        context.registerBean(EventClock.class, () -> () -> 1);
        context.registerBean(SimpleMeterRegistry.class, () -> registry);
        context.register(Streams.class);
        context.refresh();
        return context.getBean(Streams.class);
    }

    @AfterEach
    void close() {
        ReflectionTestUtils.invokeMethod(streams, "stop");
        context.close();
    }

    static List<RuntimeException> failures() {
        return List.of(new StoreUnavailableException("away"), new BackplaneUnavailableException("away"),
                new ReplayBrokenException("trimmed"), new IllegalStateException("a fault"));
    }

    /** Or it would hold its events back for ever. */
    @ParameterizedTest
    @MethodSource("failures")
    void whenAFurtherPageCannotBeReadThenTheStreamIsSentAway(RuntimeException failure) {
        feed(new Page(List.of(), 5), after -> {
            asked.add(after);
            throw failure;
        });
        await().until(() -> streams.count() == 0);
        assertThat(asked).containsExactly(5L);
        assertThat(broken()).isEqualTo(1);
    }

    @Test
    void whenThereIsNothingToReplayThenNothingIsReadAndTheStreamStays() {
        feed(Page.last(FENCE), after -> {
            asked.add(after);
            return Page.last(FENCE);
        });
        streams.abandon(stream); // behind what was fed, in the inbox
        await().until(() -> streams.count() == 0);
        assertThat(asked).isEmpty();
        assertThat(broken()).isZero();
        assertThat(registry.counter(MeterNames.REPLAY_EVENTS).count()).isZero();
    }

    @Test
    void whenPagesAreEmptyThenTheyAreReadUpToTheFence() {
        feed(new Page(List.of(), 3), after -> {
            asked.add(after);
            return new Page(List.of(), Math.min(FENCE, after + 3));
        });
        await().untilAsserted(() -> assertThat(asked).containsExactly(3L, 6L, 9L));
        assertThat(streams.count()).isEqualTo(1);
        assertThat(broken()).isZero();
    }

    @Test
    void whenTheStreamEndsMeanwhileThenNoFurtherPageIsRead() {
        feed(new Page(List.of(), 3), after -> {
            asked.add(after);
            streams.abandon(stream);
            return new Page(List.of(new Event(after + 1, USER, Priority.NORMAL, true, 0, "note", new byte[] {'1'})), after + 1);
        });
        await().until(() -> registry.counter(MeterNames.REPLAY_EVENTS).count() == 1);
        await().until(() -> streams.count() == 0);
        assertThat(asked).containsExactly(3L);
        assertThat(broken()).isZero();
    }

    private void feed(Page first, Pages.Source source) {
        feed.feed(stream, Beginning.resumed(Cursor.at(1), Beginning.Extent.PERSISTED, null, Pages.of(first, FENCE, source)));
    }

    private double broken() {
        return registry.counter(MeterNames.REPLAY_BROKEN).count();
    }
}
