package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Journal.Contents;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import io.lettuce.core.Range;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Two nodes, and a Redis in good health. */
class RedisJournalIT {

    private static final Target USER = Target.user("u");
    private static final Duration AGE = Duration.ofMillis(100);
    private static final Duration LEASE = Duration.ofMillis(300);

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final RecordingSink sink = new RecordingSink();
    private final TestNode one = new TestNode(redis.details(), sink);
    private final TestNode other = new TestNode(redis.details(), new RecordingSink());

    @BeforeEach
    void empty() {
        one.awaitReady();
        other.awaitReady();
        redis.redis().del(Keys.JOURNAL, Keys.JOURNAL_LEASE, Keys.DEAD, Keys.unread("u").getFirst());
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    @Test
    void whenManyReadAtATimeThenEachGetsWhatIsAboveItsOwnId() {
        List<Event> events = persistMany(one, 2_500);
        List<CompletableFuture<Contents>> reads = Stream.of(0, 2_499, 1_000, 1_700)
                .map(i -> one.backplane.journal().read(i == 0 ? 0 : events.get(i).id()))
                .toList();
        assertThat(ids(TestNode.get(reads.get(0)).events())).isEqualTo(ids(events));
        assertThat(TestNode.get(reads.get(1)).events()).isEmpty();
        assertThat(ids(TestNode.get(reads.get(2)).events())).isEqualTo(ids(events.subList(1_001, 2_500)));
        assertThat(ids(TestNode.get(reads.get(3)).events())).isEqualTo(ids(events.subList(1_701, 2_500)));
        assertThat(TestNode.get(reads.get(3)).fence()).isEqualTo(events.getLast().id());
    }

    /** The database has been away for long, and one stream comes back that was away for as long. */
    @Test
    void whenTheJournalIsTooLargeForOneReaderThenTheOthersGetWhatTheyAskFor() {
        byte[] frame = Frame.encode(new Event(1, USER, Priority.NORMAL, true, 0, "note", new byte[65_000]));
        for (int id = 1; id <= 1_100; id++) {
            redis.redis().xadd(Keys.JOURNAL, new XAddArgs().id(id + "-0"), new byte[] {'c'}, Keys.channel(USER), new byte[] {'f'}, frame);
        }
        List<Event> events = persistMany(one, 10);
        Journal journal = one.backplane.journal();
        List<CompletableFuture<Contents>> reads = LongStream.of(2, 1, 3, events.get(1).id(), events.get(7).id(), 0)
                .mapToObj(journal::read)
                .toList(); // the first is under way when the others come, which are read at once
        for (int i : new int[] {0, 1, 2, 5}) {
            assertThatThrownBy(() -> TestNode.get(reads.get(i))).hasRootCauseInstanceOf(StoreUnavailableException.class);
        }
        assertThat(ids(TestNode.get(reads.get(3)).events())).isEqualTo(ids(events.subList(2, 10)));
        assertThat(ids(TestNode.get(reads.get(4)).events())).isEqualTo(ids(events.subList(8, 10)));
        assertThat(TestNode.get(journal.settled())).isZero();
    }

    @Test
    void whenRedisGoesAwayThenUpToWhereEverythingIsInTheDatabaseIsStillKnown() {
        List<Event> events = one.persist(USER, USER);
        TestNode.get(one.backplane.journal().remove(events.subList(0, 1)));
        assertThat(TestNode.get(one.backplane.journal().settled())).isEqualTo(events.get(1).id() - 1);
        TestNode.get(other.backplane.journal().remove(events.subList(1, 2)));
        assertThat(TestNode.get(one.backplane.journal().depth()).settled()).isGreaterThanOrEqualTo(events.get(1).id());
        one.close();
        assertThat(TestNode.get(one.backplane.journal().settled())).isGreaterThanOrEqualTo(events.get(1).id());
        other.close();
        assertThatThrownBy(() -> TestNode.get(other.backplane.journal().settled()))
                .hasRootCauseInstanceOf(BackplaneUnavailableException.class); // it never looked
    }

    /** The guarantee that replay rests on. The set is the database; there are always about three pages. */
    @Test
    void whenTheJournalIsReadAndTheDatabaseAfterItThenEveryPersistedEventIsThere() throws InterruptedException {
        Set<Long> database = ConcurrentHashMap.newKeySet();
        List<Event> accepted = Collections.synchronizedList(new ArrayList<>(persistMany(one, 3_000)));
        AtomicBoolean done = new AtomicBoolean();
        Thread storing = Thread.ofVirtual().start(() -> {
            for (int from = 0; !done.get(); from += 20) {
                List<Event> batch = List.copyOf(accepted.subList(from, from + 20));
                batch.forEach(event -> database.add(event.id()));
                TestNode.get(one.backplane.journal().remove(batch));
                accepted.addAll(persistMany(one, 20));
            }
        });
        for (int i = 0; i < 20; i++) {
            List<Long> before = ids(List.copyOf(accepted));
            Contents contents = TestNode.get(other.backplane.journal().read(0));
            Set<Long> found = new HashSet<>(database);
            found.addAll(ids(contents.events()));
            assertThat(found.containsAll(before)).isTrue(); // AssertJ's own takes minutes
            assertThat(contents.fence()).isGreaterThanOrEqualTo(before.getLast());
            assertThat(contents.events()).hasSizeGreaterThan(2_000);
        }
        done.set(true);
        storing.join();
    }

    @Test
    void whenAMessageIsStoredThenTheNodesOfItsUserHearThatTheCountMayHaveChanged() {
        one.acquire(USER, Target.group("g"));
        List<Event> events = one.persist(USER, USER, Target.group("g"));
        TestNode.get(other.backplane.journal().remove(events));
        await().until(() -> !sink.unreadChanged.isEmpty());
        awaitProbe(TestNode.get(one.backplane.fence()));
        assertThat(sink.unreadChanged).containsExactly("u");
        assertThat(sink.ids()).isEqualTo(ids(events));
    }

    @Test
    void whenBuriedThenItIsInTheJournalNoMoreAndItsUserIsNotMarked() {
        Event event = one.persist(USER).getFirst();
        TestNode.get(one.backplane.journal().bury(event, "Data too long"));
        assertThat(redis.redis().xlen(Keys.JOURNAL)).isZero();
        assertThat(redis.redis().xlen(Keys.DEAD)).isEqualTo(1);
        assertThat(redis.redis().exists(Keys.unread("u").getFirst())).isZero();
    }

    @Test
    void whenEntriesHaveBeenThereLongEnoughThenOneNodeGetsThem() {
        List<Event> events = one.persist(USER, Target.BROADCAST, USER);
        assertThat(abandoned(one, 10)).isEmpty();
        await().untilAsserted(() -> assertThat(ids(abandoned(one, 10))).isEqualTo(ids(events)));
        assertThat(ids(abandoned(one, 2))).isEqualTo(ids(events.subList(0, 2)));
        assertThat(abandoned(other, 10)).isEmpty();
        assertThat(abandoned(other, 10)).isEmpty();
        TestNode.get(one.backplane.journal().remove(events));
        assertThat(abandoned(one, 10)).isEmpty();
    }

    /** Its database was away. */
    @Test
    void whenANodeOnlyMeasuredThenItKnowsWhatIsOldWhenItAsks() {
        List<Event> events = one.persist(USER);
        TestNode.get(one.backplane.journal().depth());
        long begin = System.nanoTime();
        await().until(() -> System.nanoTime() - begin > AGE.toNanos());
        assertThat(ids(abandoned(one, 10))).isEqualTo(ids(events));
    }

    @Test
    void whenTheNodeWithTheLeaseDiesThenAnotherGetsTheEntries() {
        List<Event> events = one.persist(USER);
        await().untilAsserted(() -> assertThat(abandoned(one, 10)).isNotEmpty());
        one.close();
        await().untilAsserted(() -> assertThat(ids(abandoned(other, 10))).isEqualTo(ids(events)));
    }

    @Test
    void whenIdsAreHoursAheadOfTheClockThenEntriesAreStillYoungAndStillGrowOld() {
        redis.redis().incrby(Keys.SEQ, 7_200_000_000L);
        List<Event> old = one.persist(USER);
        await().untilAsserted(() -> assertThat(ids(abandoned(one, 10))).isEqualTo(ids(old)));
        one.persist(USER);
        assertThat(ids(abandoned(one, 10))).isEqualTo(ids(old));
    }

    @Test
    void whenTheFirstEntriesCannotBeReadThenThoseBehindThemAreStillFound() {
        for (int i = 1; i <= 30; i++) {
            redis.redis().xadd(Keys.JOURNAL, new XAddArgs().id(i + "-0"), new byte[] {'c'}, new byte[0]);
        }
        List<Event> events = one.persist(USER);
        await().untilAsserted(() -> assertThat(ids(abandoned(one, 10))).isEqualTo(ids(events)));
        assertThat(redis.redis().xrange(Keys.JOURNAL, Range.<String>unbounded())).hasSize(31);
    }

    @Test
    void whenRedisIsFlushedThenReadingAndRemovingGoOn() {
        List<Event> events = one.persist(USER);
        redis.redis().flushall();
        Contents contents = TestNode.get(one.backplane.journal().read(0));
        assertThat(contents.events()).isEmpty();
        assertThat(contents.fence()).isGreaterThan(events.getFirst().id());
        assertThat(TestNode.get(one.backplane.journal().remove(events))).noneMatch(Journal.Removal::found);
        assertThat(new String(redis.redis().get(Keys.SEQ), UTF_8)).isEqualTo(Long.toString(contents.fence()));
    }

    private void awaitProbe(long fence) {
        await().until(() -> sink.probes.stream().anyMatch(id -> id >= fence));
    }

    private static List<Event> abandoned(TestNode node, int limit) {
        return TestNode.get(node.backplane.journal().abandoned(AGE, LEASE, limit));
    }

    private static List<Event> persistMany(TestNode node, int count) {
        return node.persist(Collections.nCopies(count, USER).toArray(Target[]::new));
    }

    private static List<Long> ids(List<Event> events) {
        return events.stream().map(Event::id).toList();
    }
}
