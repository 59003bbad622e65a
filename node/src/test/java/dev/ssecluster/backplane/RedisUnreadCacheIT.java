package dev.ssecluster.backplane;

import dev.ssecluster.backplane.UnreadCache.Lookup;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Three nodes share counts; a number in memory is the database. */
class RedisUnreadCacheIT {

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final RecordingSink sink = new RecordingSink();
    private final List<TestNode> nodes =
            IntStream.range(0, 3).mapToObj(_ -> new TestNode(redis.details(), sink)).toList();

    @BeforeEach
    void trustMarks() {
        nodes.forEach(TestNode::awaitReady);
        redis.redis().del(Keys.UNMARKED);
    }

    @AfterEach
    void close() {
        nodes.forEach(TestNode::close);
    }

    @Test
    void whenOneNodeHasCountedThenTheOthersKnow() {
        String lease = ((Lookup.Missing) look(0, "a")).lease();
        TestNode.get(unread(0).store("a", lease, 5, 0));
        assertThat(look(1, "a")).isEqualTo(new Lookup.Cached(5, 0));
    }

    @Test
    void whenSomethingChangesWhileCountingThenTheOldCountIsNotKept() {
        String lease = ((Lookup.Missing) look(0, "b")).lease();
        String token = TestNode.get(unread(1).change("b"));
        TestNode.get(unread(0).store("b", lease, 5, 0));
        assertThat(look(0, "b")).isEqualTo(new Lookup.Dirty());
        TestNode.get(unread(1).changed("b", token));
        TestNode.get(unread(0).store("b", lease, 5, 0));
        assertThat(look(0, "b")).isInstanceOf(Lookup.Missing.class);
    }

    @Test
    void whenASendIsOnItsWayToTheDatabaseThenNothingIsKeptUntilItIsThere() {
        List<Event> events = nodes.get(1).persist(Target.user("c"), Target.user("c"));
        assertThat(look(0, "c")).isEqualTo(new Lookup.Dirty());
        TestNode.get(nodes.get(2).backplane.journal().remove(events.subList(0, 1)));
        assertThat(look(0, "c")).isEqualTo(new Lookup.Dirty());
        TestNode.get(nodes.get(2).backplane.journal().remove(events));
        assertThat(look(0, "c")).isInstanceOf(Lookup.Missing.class);
    }

    @Test
    void whenItHasChangedThenTheUsersNodesHearOfItAndNothingElseMoves() {
        nodes.getFirst().acquire(Target.user("d"));
        TestNode.get(unread(1).changed("d", TestNode.get(unread(1).change("d"))));
        await().untilAsserted(() -> assertThat(sink.unreadChanged).containsExactly("d"));
        assertThat(sink.events).isEmpty();
        assertThat(sink.gaps).hasValue(0);
    }

    /**
     * Marked, committed, cleared, at the same time on three nodes, some of which die in between. A commit comes after its mark,
     * and a mark drops the count; so a count that is found is the number in the database at that moment.
     */
    @Test
    void whenManyChangeAndCountAtATimeThenACountThatIsFoundIsRight() throws InterruptedException {
        long seed = System.nanoTime();
        System.out.println("RedisUnreadCacheIT seed " + seed);
        Queue<Long> kept = new ConcurrentLinkedQueue<>();
        for (int round = 0; round < 20; round++) {
            AtomicLong database = new AtomicLong();
            String user = "random-" + round;
            boolean die = round % 4 == 3;
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int node = i / 2;
                Random random = new Random(seed + 31L * round + i);
                Runnable step = i % 2 == 0
                        ? () -> change(node, user, database, random, die)
                        : () -> count(node, user, database, random).ifPresent(kept::add);
                threads.add(Thread.ofVirtual().start(() -> IntStream.range(0, 60).forEach(_ -> step.run())));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            count(0, user, database, new Random(seed)).ifPresent(count -> assertThat(count).isEqualTo(database.get()));
        }
        assertThat(kept).isNotEmpty();
        assertThat(wrong).isEmpty();
    }

    @Test
    void whenDataAreLostBetweenMarkAndCommitThenNothingIsKeptForAsLongAsTheMarkWouldHaveStood() {
        TestNode.get(unread(0).change("e"));
        redis.redis().flushall();
        assertThat(look(1, "e")).isEqualTo(new Lookup.Dirty());
        assertThat(redis.redis().pttl(Keys.UNMARKED)).isGreaterThan(50_000);
        redis.redis().pexpire(Keys.UNMARKED, 1); // a minute later
        await().until(() -> look(1, "e") instanceof Lookup.Missing);
    }

    /** Like one that marks messages as read; if {@code die}, one in thirty does not come to its end. */
    private void change(int node, String user, AtomicLong database, Random random, boolean die) {
        String token = TestNode.get(unread(node).change(user));
        if (die && random.nextInt(60) == 0) {
            return;
        }
        database.incrementAndGet();
        if (die && random.nextInt(60) == 0) {
            return;
        }
        TestNode.get(unread(node).changed(user, token));
    }

    private OptionalLong count(int node, String user, AtomicLong database, Random random) {
        if (look(node, user) instanceof Lookup.Missing(String lease)) {
            long count = database.get();
            IntStream.range(0, random.nextInt(4)).forEach(_ -> look(node, user)); // takes a while
            TestNode.get(unread(node).store(user, lease, count, 0));
        }
        long before = database.get();
        if (!(look(node, user) instanceof Lookup.Cached(long count, long _))) {
            return OptionalLong.empty();
        }
        if (count < before || count > database.get()) {
            wrong.add(user + " " + count);
        }
        return OptionalLong.of(count);
    }

    private Lookup look(int node, String user) {
        return TestNode.get(unread(node).look(user));
    }

    private UnreadCache unread(int node) {
        return nodes.get(node).backplane.unread();
    }
}
