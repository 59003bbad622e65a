package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JournalReadingTests {

    private final JournalReading reading = new JournalReading();

    @Test
    void whenEntriesAreNewerThanTheFirstPageThenTheyAreNotPartOfIt() {
        assertThat(reading.isEndedBy(new JournalPage(5, 4, events(10, 7, 5, 4)))).isFalse();
        assertThat(reading.isEndedBy(new JournalPage(8, 0, events(10, 3, 2, 1)))).isTrue();
        assertThat(above(0).fence()).isEqualTo(5);
        assertThat(above(0).events()).extracting(Event::id).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(above(2).events()).extracting(Event::id).containsExactly(3L, 4L, 5L);
        assertThat(above(5).events()).isEmpty();
    }

    @Test
    void whenThePageIsTheLastThenItEnds() {
        assertThat(reading.isEndedBy(new JournalPage(5, 0, List.of()))).isTrue();
        assertThat(above(0)).isEqualTo(new Journal.Contents(List.of(), 5));
    }

    /** One who comes back after hours must not take the journal's end from thousands. */
    @Test
    void whenTheJournalIsTooLargeForANodeThenOnlyThoseWhoAskForTooMuchOfItGetNothing() {
        for (long page = 20; page > 14; page--) {
            assertThat(reading.isEndedBy(new JournalPage(100, page, events(10 << 20, page)))).isFalse();
        }
        assertThat(reading.isEndedBy(new JournalPage(100, 14, events(10 << 20, 14)))).isTrue();
        assertThat(reading.above(0)).isEmpty();
        assertThat(reading.above(12)).isEmpty();
        assertThat(above(13).events()).extracting(Event::id).containsExactly(14L, 15L, 16L, 17L, 18L, 19L, 20L);
        assertThat(above(19).events()).extracting(Event::id).containsExactly(20L);
        assertThat(above(19).fence()).isEqualTo(100);
    }

    private Journal.Contents above(long after) {
        return reading.above(after).orElseThrow();
    }

    private static List<Event> events(int size, long... ids) {
        byte[] data = new byte[size];
        return LongStream.of(ids)
                .mapToObj(id -> new Event(id, Target.BROADCAST, Priority.NORMAL, true, 0, "note", data))
                .toList();
    }
}
