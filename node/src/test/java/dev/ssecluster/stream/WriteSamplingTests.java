package dev.ssecluster.stream;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WriteSamplingTests {

    private final WriteSampling sampling = new WriteSampling();
    private long now = System.nanoTime();

    @Test
    void whenThereAreFewWritesThenEachIsMeasured() {
        for (int second = 0; second < 5; second++) {
            assertThat(second(WriteSampling.A_SECOND)).isEqualTo(WriteSampling.A_SECOND);
        }
    }

    @Test
    void whenThereAreManyThenSomeAreEvenly() {
        second(100_000);
        int[] due = new int[100];
        for (int i = 0; i < 100_000; i++) {
            due[i / 1_000] += sampling.isDue() ? 1 : 0;
        }
        assertThat(due).containsOnly(10);
    }

    @Test
    void whenThereAreFewAgainThenEachIsMeasuredAgain() {
        second(1_000_000);
        second(10);
        assertThat(second(10)).isEqualTo(10);
    }

    /** How many of that many writes in a second are measured. */
    private int second(int writes) {
        int due = 0;
        for (int i = 0; i < writes; i++) {
            due += sampling.isDue() ? 1 : 0;
        }
        now += TimeUnit.MILLISECONDS.toNanos(1_001);
        sampling.tick(now);
        return due;
    }
}
