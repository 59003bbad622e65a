package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.model.Priority;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many threads register, open, abandon and end streams on several shards while events flow. Each stream must end once; each
 * must get, by priority, exactly the events beyond its cursor in order, replayed or live, up to its end; and in the end nothing may be left.
 */
class StreamsStressTests {

    private static final Logger log = LoggerFactory.getLogger(StreamsStressTests.class);
    private static final StreamProperties PROPERTIES = new StreamProperties(Duration.ofMillis(300), Duration.ofSeconds(90),
            Duration.ofMinutes(10), DataSize.ofMegabytes(512), 100_000, 100, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5),
            3, 100, DataSize.ofKilobytes(64));
    private static final int OPENERS = 6;
    private static final int STREAMS_EACH = 400;
    private static final int NAMES = 4;
    private static final int PART = 30;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Streams streams = new Streams(PROPERTIES, () -> 1, registry);
    private final AtomicLong seq = new AtomicLong(1_000); // as Redis': raised before the event is handed over
    private final NavigableMap<Long, Event> published = new ConcurrentSkipListMap<>();
    private final Queue<Subject> subjects = new ConcurrentLinkedQueue<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> ends = new ConcurrentHashMap<>();
    private final ExecutorService completers = Executors.newFixedThreadPool(2);
    private final ExecutorService feeders = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean opening = true;

    @Test
    void whenStreamsChurnUnderLoadThenEachEndsOnceAndGotWhatWasItsOwn() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        log.info("seed {}", seed);
        streams.onClosed(this::ended);
        churnAndPublish(seed);
        subjects.stream().filter(subject -> !subject.sink.ending).forEach(this::awaitAll);
        await().until(() -> streams.count() == 0);
        streams.stop();
        feeders.close();
        completers.close();
        checkNothingIsLeft();
        assertThat(violations).isEmpty();
        assertThat(subjects).allSatisfy(this::check);
        assertThat(subjects.stream().mapToInt(subject -> subject.sink.received()).sum()).isGreaterThan(10_000);
    }

    private void churnAndPublish(long seed) throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<?> publisher = threads.submit(() -> publish(new Random(seed)));
            List<Future<?>> openers = new ArrayList<>();
            for (int i = 0; i < OPENERS; i++) {
                int opener = i;
                openers.add(threads.submit(() -> churn(opener, new Random(seed + 1 + opener))));
            }
            for (Future<?> each : openers) {
                each.get();
            }
            opening = false;
            publisher.get();
        }
    }

    /** A stream that nobody ended gets everything. */
    private void awaitAll(Subject subject) {
        int expected = expected(subject).size();
        await().pollDelay(Duration.ZERO).untilAsserted(() -> assertThat(subject.sink.received()).isEqualTo(expected));
        subject.stream.onClosed();
    }

    private void checkNothingIsLeft() {
        log.info("{} events, {} streams opened, {} deliveries", published.size(), subjects.size(),
                subjects.stream().mapToInt(subject -> subject.sink.received()).sum());
        assertThat(ends).hasSize(OPENERS * STREAMS_EACH).allSatisfy((client, times) -> assertThat(times).as(client).isEqualTo(1));
        assertThat(Target.Kind.values()).allMatch(kind -> streams.count(kind) == 0);
        assertThat(registry.get(MeterNames.STREAMS_OPEN).gauge().value()).isZero();
        double closed = registry.get(MeterNames.STREAMS_CLOSED).counters().stream().mapToDouble(counter -> counter.count()).sum();
        assertThat(closed).isEqualTo(OPENERS * STREAMS_EACH);
    }

    private void publish(Random random) {
        int sent = 0;
        while (opening || sent < 2_000) {
            Event event = new Event(seq.get() + 1, target(random), Priority.ofLevel(random.nextInt(3)), false, 0, "t", "1".getBytes(UTF_8));
            published.put(event.id(), event);
            seq.set(event.id());
            streams.onEvent(event);
            if (sent++ % 50 == 0) {
                streams.onProbe(seq.incrementAndGet());
                LockSupport.parkNanos(200_000); // lets the shards keep up
            }
        }
    }

    private static Target target(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Target.BROADCAST;
            case 1, 2 -> Target.group("g" + random.nextInt(NAMES));
            default -> Target.user("u" + random.nextInt(NAMES));
        };
    }

    private void churn(int opener, Random random) {
        List<Subject> open = new ArrayList<>();
        for (int i = 0; i < STREAMS_EACH; i++) {
            List<Target> targets = List.of(Target.client(opener + "-" + i), Target.user("u" + random.nextInt(NAMES)),
                    Target.group("g" + random.nextInt(NAMES)), Target.BROADCAST);
            Stream stream = streams.register(RunningStreams.options(targets, 0, false)).orElseThrow();
            if (random.nextInt(8) == 0) {
                abandon(stream, random);
            } else {
                open.add(open(stream, targets, random));
            }
            LockSupport.parkNanos(random.nextInt(1_000_000)); // lets some live a little
            while (open.size() > random.nextInt(40)) {
                end(open.remove(random.nextInt(open.size())), random);
            }
        }
    }

    private void abandon(Stream stream, Random random) {
        streams.abandon(stream);
        if (random.nextBoolean()) {
            RandomSink late = new RandomSink(stream, random.nextLong(), completers, violations);
            stream.shard().post(owner -> owner.open(stream, late));
            streams.abandon(stream);
        }
    }

    private Subject open(Stream stream, List<Target> targets, Random random) {
        long fence = seq.get();
        long cursor = Math.max(1, fence - random.nextInt(300));
        Subject subject = new Subject(stream, targets, cursor, new RandomSink(stream, random.nextLong(), completers, violations));
        boolean opensFirst = random.nextBoolean();
        if (opensFirst) {
            stream.shard().post(owner -> owner.open(stream, subject.sink));
        }
        streams.begin(stream, Cursor.at(cursor), Cursor.at(cursor), fence);
        feeders.execute(() -> feed(subject, fence));
        if (!opensFirst) {
            stream.shard().post(owner -> owner.open(stream, subject.sink));
        }
        subjects.add(subject);
        return subject;
    }

    /** What the stream missed, in parts, each when the peer has taken the one before. */
    private void feed(Subject subject, long fence) {
        List<Event> missed = expected(subject).stream().filter(event -> event.id() <= fence).toList();
        boolean goesOn = true;
        for (int from = 0; goesOn && from < missed.size(); from += PART) {
            goesOn = streams.replay(subject.stream, missed.subList(from, Math.min(from + PART, missed.size()))).join();
        }
        streams.goLive(subject.stream);
    }

    private void end(Subject subject, Random random) {
        subject.sink.ending = true;
        for (int i = random.nextInt(3); i >= 0; i--) {
            subject.stream.onClosed();
        }
        if (random.nextBoolean()) {
            streams.abandon(subject.stream);
        }
    }

    private void ended(Stream stream) {
        stream.targets().stream().filter(target -> target.kind() == Target.Kind.CLIENT).forEach(target -> ends.merge(target.name(), 1, Integer::sum));
    }

    private List<Event> expected(Subject subject) {
        return published.tailMap(subject.cursor, false).values().stream().filter(event -> subject.targets.contains(event.target())).toList();
    }

    /** What it got of each priority is where what it should get begins. */
    private void check(Subject subject) {
        List<Event> expected = expected(subject);
        Map<Long, Priority> priorities = new ConcurrentHashMap<>();
        expected.forEach(event -> priorities.put(event.id(), event.priority()));
        assertThat(priorities.keySet()).containsAll(subject.sink.ids());
        for (Priority priority : Priority.values()) {
            List<Long> all = expected.stream().filter(event -> event.priority() == priority).map(Event::id).toList();
            List<Long> got = subject.sink.ids().stream().filter(id -> priorities.get(id) == priority).toList();
            assertThat(got).isEqualTo(all.subList(0, got.size()));
        }
        assertThat(subject.sink.isClosed() || subject.sink.ending).isTrue(); // one that ended before it was opened has a sink that knows it
    }

    private record Subject(Stream stream, List<Target> targets, long cursor, RandomSink sink) {}
}
