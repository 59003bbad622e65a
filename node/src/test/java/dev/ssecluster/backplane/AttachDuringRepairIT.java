package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.Target;
import io.lettuce.core.KillArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Streams come and go while connections die: what a stream reads itself and what it then hears fit together exactly. */
class AttachDuringRepairIT {

    private static final HistoryProperties HISTORY = new HistoryProperties(Duration.ofMinutes(10), 100_000);

    private final long seed = System.nanoTime();
    private final RedisServerExtension redis = new RedisServerExtension();
    private final StoredInMemory stored = new StoredInMemory();
    private final Heard heard = new Heard();
    private final List<Attached> attachments = new CopyOnWriteArrayList<>();

    /** What one stream got. */
    private record Attached(Target target, long cursor, long end, List<Long> ids) {}

    @BeforeEach
    void start() {
        System.out.println("AttachDuringRepairIT seed " + seed);
        redis.start();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void whenStreamsAttachDuringRepairsThenEachGetsExactlyWhatFollowsItsCursor() throws Exception {
        try (TestNode sender = node(new Heard());
                TestNode node = node(heard);
                Traffic traffic = new Traffic(sender, stored, 2, seed);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean isOver = new AtomicBoolean();
            AtomicInteger attached = new AtomicInteger();
            List<Future<?>> streams = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                Random own = new Random(seed + 100 + i);
                streams.add(threads.submit(() -> {
                    while (!isOver.get()) {
                        attached.addAndGet(attach(node, Traffic.TARGETS.get(own.nextInt(Traffic.TARGETS.size()))));
                    }
                }));
            }
            for (int i = 0; i < 30; i++) {
                int before = attached.get();
                kill();
                await().pollInterval(Duration.ofMillis(1)).until(() -> node.backplane.isReady() && attached.get() > before);
            }
            isOver.set(true);
            for (Future<?> stream : streams) {
                stream.get();
            }
            traffic.stop();
            assertThat(heard.reasons()).isEmpty();
            assertThat(attachments).allSatisfy(each -> assertThat(each.ids())
                    .isEqualTo(acceptedBetween(traffic, each.target(), each.cursor(), each.end())));
            assertThat(attached).hasValueGreaterThan(60);
        }
    }

    /** One stream: answers 1 when it got what it wanted, 0 when the backplane was away. */
    private int attach(TestNode node, Target target) {
        long cursor = heard.last();
        List<Event> events;
        long end;
        try {
            node.backplane.acquire(List.of(target)).join();
        } catch (CompletionException e) {
            return 0;
        }
        try {
            var reading = node.backplane.history().read(List.of(new EventRange(target, cursor, 100_000))).join();
            assertThat(reading.pages().getFirst().covered()).isTrue();
            if (reading.pages().getFirst().more()) {
                return 0; // so much was sent meanwhile that it would take further pages
            }
            events = new ArrayList<>(reading.pages().getFirst().events());
            end = node.backplane.fence().join();
            await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(2)).until(() -> heard.last() >= end);
            events.addAll(heard.events(target, reading.fence(), end));
        } catch (CompletionException e) {
            return 0;
        } finally {
            node.backplane.release(List.of(target));
        }
        attachments.add(new Attached(target, cursor, end, events.stream().map(Event::id).toList()));
        return 1;
    }

    private static List<Long> acceptedBetween(Traffic traffic, Target target, long after, long upTo) {
        return traffic.accepted.subMap(after, false, upTo, true).entrySet().stream()
                .filter(each -> each.getValue().target().equals(target))
                .map(Entry::getKey)
                .toList();
    }

    private TestNode node(Heard sink) {
        return new TestNode(redis.details(), sink, TestNode.FAST, TestNode.publishing(Duration.ofMillis(1500)), HISTORY, stored)
                .awaitReady();
    }

    private void kill() {
        redis.redis().clientKill(KillArgs.Builder.typePubsub());
    }
}
