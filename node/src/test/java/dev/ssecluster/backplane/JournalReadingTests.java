package dev.ssecluster.backplane;

import dev.ssecluster.backplane.JournalReadScript.Page;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JournalReadingTests {

    private final JournalReading reading = new JournalReading();

    @Test
    void whenEntriesComeAfterTheFirstPageThenTheyAreNotPartOfIt() {
        assertThat(reading.isEndedBy(new Page(5, 3, events(10, 1, 2, 3)))).isFalse();
        assertThat(reading.isEndedBy(new Page(8, 7, events(10, 4, 6, 7)))).isTrue();
        assertThat(reading.above(0).fence()).isEqualTo(5);
        assertThat(reading.above(0).events()).extracting(Event::id).containsExactly(1L, 2L, 3L, 4L);
        assertThat(reading.above(2).events()).extracting(Event::id).containsExactly(3L, 4L);
    }

    @Test
    void whenThePageIsTheLastThenItEnds() {
        assertThat(reading.isEndedBy(new Page(5, 0, List.of()))).isTrue();
        assertThat(reading.above(0)).isEqualTo(new Journal.Contents(List.of(), 5));
    }

    @Test
    void whenTheJournalIsTooLargeForANodeThenReadingFails() {
        for (long page = 1; page <= 6; page++) {
            assertThat(reading.isEndedBy(new Page(100, page, events(10 << 20, page)))).isFalse();
        }
        assertThatThrownBy(() -> reading.isEndedBy(new Page(100, 7, events(10 << 20, 7))))
                .isInstanceOf(BackplaneUnavailableException.class);
    }

    private static List<Event> events(int size, long... ids) {
        byte[] data = new byte[size];
        return LongStream.of(ids)
                .mapToObj(id -> new Event(id, Target.BROADCAST, Priority.NORMAL, true, 0, "note", data))
                .toList();
    }
}
