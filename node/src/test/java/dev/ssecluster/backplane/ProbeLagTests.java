package dev.ssecluster.backplane;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProbeLagTests {

    private long now = -5;
    private final ProbeLag lag = new ProbeLag(() -> now);

    @Test
    void whenAProbeIsHeardThenItTookAsLongAsItDid() {
        lag.sent(1);
        pass(3);
        assertThat(lag.heard(1)).isEqualTo(TimeUnit.SECONDS.toNanos(3));
        pass(10);
        assertThat(lag.seconds()).isEqualTo(3);
    }

    @Test
    void whenAProbeIsNotHeardThenTheLagGrowsUntilALaterOneIs() {
        lag.sent(1);
        pass(2);
        lag.sent(2);
        pass(2);
        assertThat(lag.seconds()).isEqualTo(4);
        assertThat(lag.heard(2)).isEqualTo(TimeUnit.SECONDS.toNanos(2));
        assertThat(lag.seconds()).isEqualTo(2);
        assertThat(lag.heard(1)).isNegative();
        assertThat(lag.seconds()).isEqualTo(2);
    }

    @Test
    void whenNothingWasSentThenThereIsNoLag() {
        assertThat(lag.seconds()).isZero();
        assertThat(lag.heard(7)).isNegative();
    }

    @Test
    void whenNothingIsHeardForLongThenTheOldestCountsAndMemoryIsBounded() {
        for (int number = 0; number < 100_000; number++) {
            lag.sent(number);
            pass(1);
        }
        assertThat(lag.seconds()).isEqualTo(100_000);
        lag.heard(100_000);
        assertThat(lag.seconds()).isZero();
    }

    private void pass(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }
}
