package dev.ssecluster.backplane;

import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JournalLooksTests {

    private static final Duration AGE = Duration.ofSeconds(5);
    private static final long SECOND = 1_000_000_000L;

    private final JournalLooks looks = new JournalLooks();

    @Test
    void whenNothingWasSeenLongEnoughAgoThenNothingIsOld() {
        assertThat(looks.seqBefore(0, AGE)).isZero();
        looks.add(0, 100);
        assertThat(looks.seqBefore(5 * SECOND - 1, AGE)).isZero();
    }

    @Test
    void whenSeenLongEnoughAgoThenWhatWasIssuedByThenIsOld() {
        looks.add(0, 100);
        looks.add(2 * SECOND, 200);
        looks.add(4 * SECOND, 300);
        assertThat(looks.seqBefore(5 * SECOND, AGE)).isEqualTo(100);
        assertThat(looks.seqBefore(7 * SECOND, AGE)).isEqualTo(200);
        assertThat(looks.seqBefore(8 * SECOND, AGE)).isEqualTo(200);
        assertThat(looks.seqBefore(60 * SECOND, AGE)).isEqualTo(300);
        assertThat(looks.seqBefore(61 * SECOND, AGE)).isEqualTo(300);
    }

    @Test
    void whenNobodyAsksForDaysThenTheOldestLooksAreForgotten() {
        for (int i = 0; i < 100_000; i++) {
            looks.add(i * SECOND, i);
        }
        assertThat(looks.seqBefore(89_000 * SECOND, AGE)).isZero();
        assertThat(looks.seqBefore(100_000 * SECOND, AGE)).isEqualTo(99_995);
    }

    @Test
    void whenManyLookAtOnceThenWhatIsOldIsStillKnown() {
        for (int i = 0; i < 100_000; i++) {
            looks.add(i * SECOND / 10_000, i);
        }
        assertThat(looks.seqBefore(10 * SECOND, AGE)).isBetween(48_000L, 50_000L);
    }

    @Test
    void whenTheClockBeganBelowZeroThenItMakesNoDifference() {
        looks.add(Long.MAX_VALUE - SECOND, 100);
        assertThat(looks.seqBefore(Long.MAX_VALUE + 3 * SECOND, AGE)).isZero();
        assertThat(looks.seqBefore(Long.MAX_VALUE + 4 * SECOND, AGE)).isEqualTo(100);
    }
}
