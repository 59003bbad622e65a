package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import io.lettuce.core.XAddArgs;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis. */
class JournalLatestScriptIT {

    private static final Target USER = Target.user("u");
    private static final byte[] C = {'c'};
    private static final byte[] F = {'f'};

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final JournalLatestScript read = new JournalLatestScript(adopted.scripts, adopted.meters);

    @Test
    void whenTheJournalIsEmptyThenThereIsTheLastIdIssued() {
        JournalPage page = TestNode.get(read.run(0, 0, 10));
        assertThat(page).isEqualTo(new JournalPage(seq(), 0, List.of()));
        assertThat(page.seq()).isPositive();
    }

    @Test
    void whenReadThenEntriesAboveAreThereAsTheyWereSentTheNewestFirst() {
        List<Event> events = adopted.publish(USER, Target.group("g"), Target.BROADCAST, Target.client("c"));
        JournalPage page = TestNode.get(read.run(events.getFirst().id(), 0, 10));
        assertThat(page.events()).usingRecursiveFieldByFieldElementComparator().isEqualTo(events.subList(1, 4).reversed());
        assertThat(page.next()).isZero();
        assertThat(page.seq()).isEqualTo(events.getLast().id());
    }

    @Test
    void whenThereAreMoreThanThePageTakesThenTheNextEndsBelowIt() {
        List<Long> ids = ids(adopted.publish(Collections.nCopies(130, USER).toArray(Target[]::new)));
        JournalPage first = TestNode.get(read.run(ids.getFirst(), 0, 120));
        assertThat(ids(first.events())).isEqualTo(ids.subList(10, 130).reversed());
        assertThat(first.next()).isEqualTo(ids.get(10));
        JournalPage second = TestNode.get(read.run(ids.getFirst(), first.next(), 120));
        assertThat(ids(second.events())).isEqualTo(ids.subList(1, 10).reversed());
        assertThat(second.next()).isZero();
    }

    @Test
    void whenEntriesAreLargeThenAPageEndsEarly() {
        byte[] large = new byte[60_000];
        for (int i = 1; i <= 60; i++) {
            add(i, Frame.encode(event(i, large)));
        }
        JournalPage page = TestNode.get(read.run(0, 0, 1_000));
        assertThat(page.events()).hasSize(50);
        assertThat(page.next()).isEqualTo(11);
    }

    @Test
    void whenNothingIsBetweenBothIdsThenThePageIsEmpty() {
        add(5, Frame.encode(event(5, new byte[] {'1'})));
        assertThat(TestNode.get(read.run(5, 0, 10)).events()).isEmpty();
        assertThat(TestNode.get(read.run(9, 3, 10)).events()).isEmpty();
        assertThat(TestNode.get(read.run(0, 5, 10))).isEqualTo(new JournalPage(seq(), 0, List.of()));
    }

    @Test
    void whenAnEntryCannotBeReadThenItIsCountedAndTheOthersAreThere() {
        add(1, Frame.encode(event(1, new byte[] {'1'})));
        add(2, new byte[] {1});
        add(3, new byte[] {4, 1});
        redis.redis().xadd(Keys.JOURNAL, new XAddArgs().id("4-0"), C, new byte[0]);
        assertThat(ids(TestNode.get(read.run(0, 0, 10)).events())).containsExactly(1L);
        assertThat(adopted.meters.malformed.count()).isEqualTo(2);
        assertThat(adopted.meters.unknownVersion.count()).isEqualTo(1);
    }

    @Test
    void whenTheEpochIsAnotherThenRedisIsAdoptedAndItIsReadOnceMore() {
        redis.redis().flushall();
        assertThat(TestNode.get(read.run(0, 0, 10)).seq()).isEqualTo(seq());
    }

    private static void add(long id, byte[] frame) {
        redis.redis().xadd(Keys.JOURNAL, new XAddArgs().id(id + "-0"), C, Keys.channel(USER), F, frame);
    }

    private static Event event(long id, byte[] data) {
        return new Event(id, USER, Priority.NORMAL, true, 0, "note", data);
    }

    private static List<Long> ids(List<Event> events) {
        return events.stream().map(Event::id).toList();
    }

    private static long seq() {
        return Long.parseLong(new String(redis.redis().get(Keys.SEQ), UTF_8));
    }
}
