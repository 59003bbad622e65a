package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Target;
import dev.ssecluster.metric.MeterNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DrainTests {

    private static final StreamProperties PROPERTIES = new StreamProperties(Duration.ofSeconds(20), Duration.ofSeconds(90),
            Duration.ofMinutes(10), DataSize.ofMegabytes(1), 10_000, 100, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5),
            2, 100, DataSize.ofKilobytes(64));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Streams streams = new Streams(PROPERTIES, () -> 1, registry);
    private final List<RandomSink> sinks = new ArrayList<>();
    private final Map<Stream, Long> ends = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        streams.stop();
        assertThat(violations).isEmpty();
    }

    private Stream register() {
        return streams.register(RunningStreams.options(List.of(Target.BROADCAST), 0, false)).orElseThrow();
    }

    private void open(Stream stream) {
        RandomSink sink = new RandomSink(stream, 1, Runnable::run, violations);
        sinks.add(sink);
        streams.begin(stream, Cursor.at(1), Cursor.at(1), 1);
        streams.goLive(stream);
        stream.shard().post(owner -> owner.open(stream, sink));
    }

    private Duration drain(Duration window) {
        long start = System.nanoTime();
        streams.onClosed(stream -> ends.put(stream, System.nanoTime() - start));
        new Drain(streams, window).run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void whenThereAreManyThenTheyGoInEvenWavesOverTheWindowEachWithItsOwnRetry() {
        for (int i = 0; i < 1_000; i++) {
            open(register());
        }
        Duration taken = drain(Duration.ofSeconds(2));
        assertThat(streams.count()).isZero();
        assertThat(taken).isBetween(Duration.ofMillis(1_500), Duration.ofMillis(4_000));
        Map<Long, Long> quarters = ends.values().stream().collect(Collectors.groupingBy(end -> end / 500_000_000L, Collectors.counting()));
        assertThat(quarters.values()).as("streams ended in half a second: %s", quarters).allMatch(count -> count <= 500);
        assertThat(sinks).allSatisfy(sink -> assertThat(sink.ownEvents()).singleElement().asString().contains("\"drain\""));
        assertThat(sinks.stream().flatMap(sink -> sink.ownEvents().stream()).distinct().count()).isGreaterThan(500);
    }

    @Test
    void whenThereAreFewThenItTakesNoTime() {
        for (int i = 0; i < 30; i++) {
            open(register());
        }
        assertThat(drain(Duration.ofSeconds(30))).isLessThan(Duration.ofSeconds(10));
        assertThat(streams.count()).isZero();
        assertThat(drain(Duration.ofSeconds(30))).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void whenItBeginsThenNoStreamIsTakenAndOneThatIsJustOpeningIsStillTold() throws InterruptedException {
        Stream opening = register();
        open(register());
        Thread drain = Thread.ofPlatform().start(() -> drain(Duration.ofSeconds(20)));
        await().until(() -> streams.count() == 1);
        assertThat(streams.register(RunningStreams.options(List.of(Target.BROADCAST), 0, false))).isEmpty();
        assertThat(registry.get(MeterNames.DRAIN_ACTIVE).gauge().value()).isOne();
        open(opening);
        drain.join();
        assertThat(sinks).allSatisfy(sink -> assertThat(sink.ownEvents()).singleElement().asString().contains("\"drain\""));
    }

    @Test
    void whenAStreamNeverOpensThenItEndsWithTheWindow() {
        register();
        assertThat(drain(Duration.ofMillis(300))).isLessThan(Duration.ofSeconds(5));
        streams.stop();
        assertThat(streams.count()).isZero();
    }
}
