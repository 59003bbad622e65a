package dev.ssecluster.limit;

import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SendRatesTests {

    private final AtomicLong nanos = new AtomicLong(1);

    private SendRates rates(int rate, int burst) {
        return new SendRates(new RateLimit(rate, burst), new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return nanos.get();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        });
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static RefusedException refusal(SendRates rates, String caller, int messages) {
        return catchThrowableOfType(RefusedException.class, () -> rates.take(caller, messages));
    }

    @Test
    void whenACallerIsFasterThanItMayThenItWaitsAndOthersDoNot() {
        SendRates rates = rates(2, 10);
        rates.take("a", 10);
        assertThat(refusal(rates, "a", 1).type()).isEqualTo(ProblemType.TOO_MANY_REQUESTS);
        rates.take("b", 1);
        pass(Duration.ofMillis(500));
        rates.take("a", 1);
        assertThat(refusal(rates, "a", 1)).isNotNull();
    }

    @Test
    void whenABatchDoesNotFitThenNothingOfItPasses() {
        SendRates rates = rates(1, 10);
        rates.take("a", 4);
        assertThat(refusal(rates, "a", 7)).isNotNull();
        rates.take("a", 6);
    }

    @Test
    void whenABatchIsLargerThanTheBurstThenWaitingWouldNotHelp() {
        assertThat(refusal(rates(1, 10), "a", 11).type()).isEqualTo(ProblemType.INVALID_REQUEST);
    }

    @Test
    void whenACallerIsToldToWaitThenItPassesAfterThat() {
        SendRates rates = rates(3, 10);
        rates.take("a", 10);
        for (int messages = 1; messages <= 10; messages++) {
            int wanted = messages;
            RefusedException refusal = refusal(rates, "a", wanted);
            assertThat(refusal).hasToString(RefusedException.of(ProblemType.TOO_MANY_REQUESTS).toString());
            pass(Duration.ofSeconds((wanted + 2) / 3)); // what Retry-After says, rounded up
            rates.take("a", wanted);
            pass(Duration.ofSeconds(10));
            rates.take("a", 10);
        }
    }

    @Test
    void whenThereIsNoRateThenNothingIsKept() {
        SendRates rates = rates(0, 1);
        rates.take("a", 1_000);
        assertThat(rates.callers()).isZero();
    }

    @Test
    void whenManyCallersComeOnceThenTheyAreForgotten() {
        SendRates rates = rates(1, 1);
        for (int i = 0; i < 100_000; i++) {
            rates.take("caller " + i, 1);
            pass(Duration.ofMillis(10)); // a hundred of them are not full again
        }
        assertThat(rates.callers()).isLessThan(2_000);
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> rates.take("caller 99999", 1));
    }

    @Test
    void whenACallerSendsOnManyThreadsThenAllTogetherAreBounded() {
        SendRates rates = rates(1, 500);
        AtomicInteger passed = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 4_000; i++) {
                threads.execute(() -> {
                    if (refusal(rates, "a", 1) == null) {
                        passed.incrementAndGet();
                    }
                });
            }
        }
        assertThat(passed.get()).isEqualTo(500);
    }
}
