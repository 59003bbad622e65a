package dev.ssecluster.backplane;

import dev.ssecluster.backplane.History.Page;
import dev.ssecluster.backplane.History.Reading;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.Target;
import dev.ssecluster.metric.MeterNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static dev.ssecluster.backplane.TestNode.get;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** One node's history on a real Redis. */
class HistoryIT {

    private static final Target GROUP = Target.group("g");

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @BeforeEach
    void empty() {
        redis.redis().flushall();
    }

    @Test
    void whenClientsOfOneGroupComeBackWithDifferentCursorsThenItsHistoryIsReadOnce() {
        try (TestNode node = node(TestNode.HISTORY)) {
            List<Long> ids = send(node, GROUP, 200);
            Random random = seeded();
            List<Integer> behind = IntStream.range(0, 5_000).mapToObj(_ -> 50 + random.nextInt(100)).toList();
            List<CompletableFuture<Reading>> reads = behind.stream()
                    .map(count -> read(node, GROUP, ids.get(ids.size() - 1 - count), 1_000))
                    .toList();
            for (int i = 0; i < reads.size(); i++) {
                Page page = get(reads.get(i)).pages().getFirst();
                assertThat(page.covered()).isTrue();
                assertThat(page.more()).isFalse();
                assertThat(ids(page)).isEqualTo(ids.subList(ids.size() - behind.get(i), ids.size()));
            }
            assertThat(reads(node)).isEqualTo(1);
            assertThat(get(reads.getFirst()).pages().getFirst().events().getLast())
                    .isSameAs(get(reads.getLast()).pages().getFirst().events().getLast());
        }
    }

    @Test
    void whenClientsReadPagesThenEachPageIsReadOnce() {
        try (TestNode node = node(new HistoryProperties(Duration.ofMinutes(10), 10_000))) {
            long begin = node.sendAccepted(GROUP, "0").id();
            List<Long> ids = send(node, GROUP, 3_000);
            for (int i = 0; i < 50; i++) {
                assertThat(readAll(node, GROUP, begin, 1_000)).isEqualTo(ids);
            }
            assertThat(reads(node)).isEqualTo(3);
        }
    }

    @Test
    void whenSomethingWasAddedThenOnlyThatIsReadAndTheRestStaysTheSameObjects() {
        try (TestNode node = node(TestNode.HISTORY)) {
            List<Long> ids = send(node, GROUP, 3);
            List<Event> first = get(read(node, GROUP, ids.getFirst(), 10)).pages().getFirst().events();
            long added = node.sendAccepted(GROUP, "new").id();
            List<Event> second = get(read(node, GROUP, ids.getFirst(), 10)).pages().getFirst().events();
            assertThat(second.stream().map(Event::id)).containsExactly(ids.get(1), ids.get(2), added);
            assertThat(second.getFirst()).isSameAs(first.getFirst());
            assertThat(reads(node)).isEqualTo(2);
        }
    }

    @Test
    void whenRedisLosesItsDataThenWhatWasReadBeforeIsNotTakenForCovered() {
        try (TestNode node = node(TestNode.HISTORY)) {
            List<Long> ids = send(node, GROUP, 3);
            get(read(node, GROUP, ids.getFirst(), 10));
            redis.redis().flushall();
            Reading reading = get(read(node, GROUP, ids.getFirst(), 10));
            assertThat(reading.pages().getFirst()).returns(false, Page::covered).returns(List.of(), Page::events);
            assertThat(reading.born()).isGreaterThan(ids.getLast());
            assertThat(get(read(node, GROUP, reading.fence(), 10)).pages().getFirst().covered()).isTrue();
        }
    }

    @Test
    void whenManyRangesAreReadThenTheirFenceIsTheLowestAndNoPageGoesBeyondIt() {
        try (TestNode node = node(TestNode.HISTORY)) {
            List<Target> users = IntStream.range(0, 2_000).mapToObj(i -> Target.user("many" + i)).toList();
            long begin = get(node.backplane.fence());
            CompletableFuture<List<PublishResult>> sending = node.backplane.publish(
                    users.stream().map(user -> TestNode.message(user, "1", null)).toList());
            Reading reading = get(node.backplane.history()
                    .read(users.stream().map(user -> new EventRange(user, begin, 10)).toList()));
            assertThat(get(sending)).hasSize(2_000);
            assertThat(reading.pages()).hasSize(2_000).allSatisfy(page -> {
                assertThat(page.covered()).isTrue();
                assertThat(page.upTo()).isEqualTo(reading.fence());
                assertThat(ids(page)).allMatch(id -> id <= reading.fence());
            });
        }
    }

    @Test
    void whenTheCursorIsFromTheFutureThenNothingComesAndNothingHangs() {
        try (TestNode node = node(TestNode.HISTORY)) {
            send(node, GROUP, 2);
            for (Target target : List.of(GROUP, Target.BROADCAST, Target.user("u"))) {
                for (long cursor : new long[] {-5, FrameLayout.MAX_ID, Long.MAX_VALUE, get(node.backplane.fence()) + 1_000_000}) {
                    assertThat(get(read(node, target, cursor, 10)).pages()).hasSize(1);
                }
            }
            assertThat(get(node.backplane.history().read(List.of())).fence()).isPositive();
        }
    }

    @Test
    void whenAHistoryHasExpiredThenItIsNotTakenForEmpty() {
        Target user = Target.user("expiring");
        try (TestNode node = node(new HistoryProperties(Duration.ofSeconds(1), 100))) {
            long now = now();
            redis.redis().set(Keys.BORN, LuaScript.number(now - 5_000_000));
            redis.redis().set(Keys.SEQ, LuaScript.number(now)); // else ids, and with them the key's life, are 10 s ahead
            long expired = node.sendAccepted(user, "1").id();
            await().until(() -> redis.redis().exists(Keys.history(user)) == 0);
            assertThat(get(read(node, user, expired - 1, 10)).pages().getFirst().covered()).isFalse();
            long second = node.sendAccepted(user, "2").id();
            assertThat(get(read(node, user, expired - 1, 10)).pages().getFirst().covered()).isFalse();
            Page page = get(read(node, user, second - 900_000, 10)).pages().getFirst();
            assertThat(page.covered()).isTrue();
            assertThat(ids(page)).containsExactly(second);
        }
    }

    @Test
    void whenRedisDoesNotAnswerThenTheReadFailsInTime() {
        try (TestNode node = node(TestNode.HISTORY)) {
            redis.pause();
            try {
                assertThatThrownBy(() -> get(read(node, GROUP, 1, 10)))
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(BackplaneUnavailableException.class);
            } finally {
                redis.resume();
            }
        }
    }

    /** A covered page has exactly what was sent, whatever was trimmed, expired or cached meanwhile. */
    @Test
    void whenReadAtRandomThenWhatIsCoveredIsComplete() {
        Random random = seeded();
        List<Target> targets = List.of(GROUP, Target.BROADCAST, Target.user("a"), Target.user("b"), Target.group("rare"));
        NavigableMap<Long, Target> sent = new TreeMap<>();
        int covered = 0;
        try (TestNode node = node(new HistoryProperties(Duration.ofSeconds(1), 100))) {
            long begin = get(node.backplane.fence());
            for (int round = 0; round < 400; round++) {
                for (int i = random.nextInt(20); i > 0; i--) {
                    Target target = targets.get(Math.min(random.nextInt(9), 4) % (random.nextInt(10) == 0 ? 5 : 4));
                    sent.put(node.sendAccepted(target, "1").id(), target);
                }
                List<EventRange> ranges = IntStream.range(0, 1 + random.nextInt(8))
                        .mapToObj(_ -> new EventRange(targets.get(random.nextInt(5)), cursor(random, begin, sent), 1 + random.nextInt(150)))
                        .toList();
                covered += verify(ranges, get(node.backplane.history().read(ranges)), sent);
            }
        }
        assertThat(covered).isGreaterThan(200);
    }

    private static long cursor(Random random, long begin, NavigableMap<Long, Target> sent) {
        List<Long> ids = new ArrayList<>(sent.descendingKeySet());
        if (ids.isEmpty() || random.nextInt(10) == 0) {
            return begin;
        }
        return ids.get(Math.min(ids.size() - 1, (int) Math.abs(random.nextGaussian() * 80))) - random.nextInt(2);
    }

    private static int verify(List<EventRange> ranges, Reading reading, NavigableMap<Long, Target> sent) {
        int covered = 0;
        for (int i = 0; i < ranges.size(); i++) {
            EventRange range = ranges.get(i);
            Page page = reading.pages().get(i);
            List<Long> expected = sent.subMap(range.after(), false, Math.max(page.upTo(), range.after()), true).entrySet().stream()
                    .filter(each -> each.getValue().equals(range.target()))
                    .map(Map.Entry::getKey)
                    .toList();
            if (page.covered()) {
                covered++;
                assertThat(ids(page)).as("%s", range).isEqualTo(expected);
            } else {
                assertThat(expected).as("%s", range).containsAll(ids(page));
            }
            assertThat(page.events()).hasSizeLessThanOrEqualTo(range.limit());
            assertThat(page.more()).isEqualTo(page.upTo() < reading.fence());
        }
        return covered;
    }

    private static TestNode node(HistoryProperties history) {
        return new TestNode(redis.details(), new RecordingSink(), TestNode.FAST, TestNode.publishing(Duration.ofMillis(1500)),
                history, null).awaitReady();
    }

    private static List<Long> send(TestNode node, Target target, int count) {
        List<Publication> messages =
                IntStream.range(0, count).mapToObj(i -> TestNode.message(target, Integer.toString(i), null)).toList();
        return get(node.backplane.publish(messages)).stream().map(result -> ((PublishResult.Accepted) result).id()).toList();
    }

    private static CompletableFuture<Reading> read(TestNode node, Target target, long after, int limit) {
        return node.backplane.history().read(List.of(new EventRange(target, after, limit)));
    }

    private static List<Long> readAll(TestNode node, Target target, long after, int limit) {
        List<Long> ids = new ArrayList<>();
        for (long cursor = after; ; ) {
            Page page = get(read(node, target, cursor, limit)).pages().getFirst();
            ids.addAll(ids(page));
            if (!page.more()) {
                return ids;
            }
            cursor = page.upTo();
        }
    }

    private static long now() {
        List<byte[]> time = redis.redis().time();
        return Long.parseLong(new String(time.getFirst(), US_ASCII)) * 1_000_000 + Long.parseLong(new String(time.getLast(), US_ASCII));
    }

    private static double reads(TestNode node) {
        return node.meters.counter(MeterNames.REPLAY_READS, "source", "history").count();
    }

    private static List<Long> ids(Page page) {
        return page.events().stream().map(Event::id).toList();
    }

    private static Random seeded() {
        long seed = System.nanoTime();
        System.out.println("HistoryIT seed " + seed);
        return new Random(seed);
    }
}
