package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SharedHistoryTests {

    private static final Target GROUP = Target.group("g");

    private final AtomicLong nanoTime = new AtomicLong();
    private final SharedHistory shared = new SharedHistory(1_000_000, 100_000, nanoTime::get);

    @Test
    void whenAReaderIsWithinWhatWasReadThenItFindsIt() {
        shared.add(GROUP, slice(10, 20, 30));
        assertThat(shared.find(GROUP, 19)).isNull();
        assertThat(shared.find(GROUP, 20)).isNotNull();
        assertThat(shared.find(GROUP, 30)).isNotNull();
        assertThat(shared.find(GROUP, 31)).isNull();
        assertThat(shared.find(Target.BROADCAST, 20)).isNull();
    }

    @Test
    void whenReadOnThenBothAreOneAndEventsStayTheSameObjects() {
        Slice first = slice(10, 20, 30);
        shared.add(GROUP, first);
        shared.add(GROUP, slice(25, 30, 40));
        Slice found = Objects.requireNonNull(shared.find(GROUP, 20));
        assertThat(found.coveredFrom()).isEqualTo(10);
        assertThat(found.upTo()).isEqualTo(40);
        assertThat(found.events().getFirst()).isSameAs(first.events().getFirst());
    }

    @Test
    void whenSomethingBetweenMayHaveBeenTrimmedThenOnlyTheNewerPartIsProved() {
        shared.add(GROUP, slice(10, 20, 30));
        shared.add(GROUP, slice(35, 30, 40));
        Slice found = Objects.requireNonNull(shared.find(GROUP, 20));
        assertThat(found.page(20, 100, 40).covered()).isFalse();
        assertThat(found.page(35, 100, 40).covered()).isTrue();
    }

    @Test
    void whenTheEpochChangesThenAllIsForgotten() {
        shared.isOf(1);
        shared.add(GROUP, slice(10, 20, 30));
        shared.isOf(1);
        assertThat(shared.find(GROUP, 20)).isNotNull();
        shared.isOf(2);
        assertThat(shared.find(GROUP, 20)).isNull();
    }

    @Test
    void whenNobodyReadsItForAWhileThenItIsDropped() {
        shared.add(GROUP, slice(10, 20, 30));
        nanoTime.addAndGet(Duration.ofSeconds(9).toNanos());
        shared.bound();
        assertThat(shared.find(GROUP, 20)).isNotNull();
        nanoTime.addAndGet(Duration.ofSeconds(9).toNanos());
        shared.bound();
        assertThat(shared.find(GROUP, 20)).isNotNull();
        nanoTime.addAndGet(Duration.ofSeconds(11).toNanos());
        shared.bound();
        assertThat(shared.find(GROUP, 20)).isNull();
    }

    @Test
    void whenOneTargetHasTooMuchThenItsNewestStay() {
        shared.add(GROUP, slice(0, 0, 100));
        shared.add(GROUP, slice(0, 1_000, 4_000));
        shared.bound();
        assertThat(shared.bytes()).isBetween(40_000L, 100_000L);
        assertThat(shared.find(GROUP, 50)).isNull();
        Slice found = Objects.requireNonNull(shared.find(GROUP, 4_000));
        assertThat(found.events()).hasSize((int) (4_000 - found.from()));
    }

    @Test
    void whenAllTogetherHaveTooMuchThenTheLeastRecentlyUsedGo() {
        for (int i = 0; i < 30; i++) {
            shared.add(Target.group("g" + i), slice(0, 0, 500));
            shared.find(Target.group("g0"), 0);
        }
        shared.bound();
        assertThat(shared.bytes()).isBetween(500_000L, 1_000_000L);
        assertThat(shared.find(Target.group("g0"), 0)).isNotNull();
        assertThat(shared.find(Target.group("g1"), 0)).isNull();
        assertThat(shared.find(Target.group("g29"), 0)).isNotNull();
    }

    /** Events are all numbers that are no multiple of 3. */
    @Test
    void whenSlicesAreAddedAtRandomThenEachReaderFindsExactlyWhatFollowsIt() {
        long seed = System.nanoTime();
        System.out.println("SharedHistoryTests seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            long from = random.nextInt(60);
            shared.add(GROUP, slice(0, from, from + random.nextInt(10)));
            long cursor = random.nextInt(70);
            Slice found = shared.find(GROUP, cursor);
            if (found != null) {
                assertThat(found.page(cursor, 100, 100).events().stream().map(Event::id))
                        .containsExactlyElementsOf(ids(cursor, found.upTo()));
            }
            if (round % 50 == 0) {
                shared.isOf(round);
            }
        }
    }

    private static Slice slice(long coveredFrom, long from, long upTo) {
        return new Slice(coveredFrom, from, upTo, ids(from, upTo).stream()
                .map(id -> new Event(id, GROUP, Priority.NORMAL, false, 0, "t", new byte[0]))
                .toList());
    }

    private static List<Long> ids(long after, long upTo) {
        return LongStream.rangeClosed(after + 1, upTo).filter(id -> upTo > 100 || id % 3 != 0).boxed().toList();
    }
}
