package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ServedSpanTests {

    private static final long TIMEOUT = 90;

    private final ServedSpan span = new ServedSpan(Cursor.at(100), TIMEOUT, 0);
    private final Positions positions = new Positions(100);

    @Test
    void whenNothingWasWrittenForATimeoutThenEverythingCounts() {
        write(101, 5);
        write(102, 10);
        assertThat(span.confirmedAt(100, positions)).isEqualTo(Cursor.at(102));
    }

    @Test
    void whenItIsYoungThenNothingCounts() {
        write(101, 5);
        assertThat(span.confirmedAt(80, positions)).isEqualTo(Cursor.at(100));
    }

    @Test
    void whenPeersVanishThenWhatWasWrittenATimeoutBeforeCounts() {
        write(101, 0);
        write(102, 105);
        write(103, 170);
        assertThat(span.confirmedAt(200, positions)).isEqualTo(Cursor.at(102));
    }

    @Test
    void whenBrokenOffThenTheSpanBeginsAnewBehindTheGap() {
        span.breakOff();
        assertThat(span.from()).isNull();
        span.resumeAt(150);
        span.resumeAt(160);
        assertThat(span.from()).isEqualTo(Cursor.at(150));
    }

    /** Never more than was written a timeout before; less by at most an eighth of a timeout and one pause. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whenWritesComeAtAnyTimeThenTheConfirmedPositionIsTheOneOfThatTime(long seed) {
        Random random = new Random(seed);
        Deque<long[]> written = new ArrayDeque<>();
        long now = 0;
        for (long id = 101; id < 600; id++) {
            now += random.nextInt(20);
            write(id, now);
            written.add(new long[] {id, now});
            long end = now + random.nextInt(100);
            assertThat(confirmed(end)).as("seed %d", seed)
                    .isBetween(lastBy(written, end - TIMEOUT - TIMEOUT / 8 - 20), lastBy(written, end - TIMEOUT));
        }
    }

    private long confirmed(long end) {
        Cursor confirmed = span.confirmedAt(end, positions);
        return confirmed == null ? 0 : confirmed.id();
    }

    private static long lastBy(Deque<long[]> written, long time) {
        return written.stream().filter(each -> each[1] <= time).mapToLong(each -> each[0]).max().orElse(100);
    }

    private void write(long id, long now) {
        span.beforeWrite(positions, now);
        positions.raiseAll(id);
    }
}
