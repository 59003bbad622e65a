package dev.ssecluster.limit;

import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.security.Callers;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SendRatesTests {

    private static final Callers NOBODY = () -> {
        throw new IllegalStateException();
    };

    private final AtomicLong nanos = new AtomicLong(1);
    private String caller = "";

    private SendRates rates(int rate, int burst) {
        return new SendRates(new RateLimit(rate, burst), () -> caller, new TimeMeter() {
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

    private void take(SendRates rates, String name, int messages) {
        caller = name;
        rates.take(messages);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private RefusedException refusal(SendRates rates, String name, int messages) {
        return catchThrowableOfType(RefusedException.class, () -> take(rates, name, messages));
    }

    @Test
    void whenACallerIsFasterThanItMayThenItWaitsAndOthersDoNot() {
        SendRates rates = rates(2, 10);
        take(rates, "a", 10);
        assertThat(refusal(rates, "a", 1).type()).isEqualTo(ProblemType.TOO_MANY_REQUESTS);
        take(rates, "b", 1);
        pass(Duration.ofMillis(500));
        take(rates, "a", 1);
        assertThat(refusal(rates, "a", 1)).isNotNull();
    }

    @Test
    void whenABatchDoesNotFitThenNothingOfItPasses() {
        SendRates rates = rates(1, 10);
        take(rates, "a", 4);
        assertThat(refusal(rates, "a", 7)).isNotNull();
        take(rates, "a", 6);
    }

    @Test
    void whenABatchIsLargerThanTheBurstThenWaitingWouldNotHelp() {
        assertThat(refusal(rates(1, 10), "a", 11).type()).isEqualTo(ProblemType.INVALID_REQUEST);
    }

    @Test
    void whenACallerIsToldToWaitThenItPassesAfterThat() {
        SendRates rates = rates(3, 10);
        take(rates, "a", 10);
        for (int messages = 1; messages <= 10; messages++) {
            int wanted = messages;
            RefusedException refusal = refusal(rates, "a", wanted);
            assertThat(refusal).hasToString(RefusedException.of(ProblemType.TOO_MANY_REQUESTS).toString());
            pass(Duration.ofSeconds((wanted + 2) / 3)); // what Retry-After says, rounded up
            take(rates, "a", wanted);
            pass(Duration.ofSeconds(10));
            take(rates, "a", 10);
        }
    }

    @Test
    void whenThereIsNoRateThenNothingIsKept() {
        SendRates rates = rates(0, 1);
        take(rates, "a", 1_000);
        assertThat(rates.callers()).isZero();
    }

    @Test
    void whenManyCallersComeOnceThenTheyAreForgotten() {
        SendRates rates = rates(1, 1);
        for (int i = 0; i < 100_000; i++) {
            take(rates, "caller " + i, 1);
            pass(Duration.ofMillis(10)); // a hundred of them are not full again
        }
        assertThat(rates.callers()).isLessThan(2_000);
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> take(rates, "caller 99999", 1));
    }

    @Test
    void whenAddressesAreOfOneIpv6SubscriberThenTheyAreOneCaller() {
        MockHttpServletRequest request = ClientAddressTests.request("[2001:db8:1:2::1]");
        SendRates rates = new SendRates(new RateLimit(1, 1_000), NOBODY, ClientAddressTests.trusting(), request, "none");
        rates.take(1_000);
        request.setRemoteAddr("[2001:db8:1:2:ffff::2]");
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> rates.take(900));
        request.setRemoteAddr("[2001:db8:1:3::1]");
        rates.take(1_000);
        assertThat(rates.callers()).isEqualTo(2);
    }

    @Test
    void whenACallerSendsOnManyThreadsThenAllTogetherAreBounded() {
        SendRates rates = rates(1, 500);
        AtomicInteger passed = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 4_000; i++) {
                threads.execute(() -> {
                    if (catchThrowable(() -> rates.take(1)) == null) {
                        passed.incrementAndGet();
                    }
                });
            }
        }
        assertThat(passed.get()).isEqualTo(500);
    }
}
