package dev.ssecluster.admin;

import dev.ssecluster.model.Disconnect;
import dev.ssecluster.stream.RetryDelay;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OrderTests {

    private static final RetryDelay USUAL = new RetryDelay(Duration.ofSeconds(1), Duration.ofSeconds(5));

    @Test
    void whenNothingIsSaidThenNobodyIsKeptAway() {
        assertThat(Order.of(null)).isEqualTo(new Order(Duration.ZERO, false));
        assertThat(Order.of(new Disconnect(null, null))).isEqualTo(Order.of(null));
        assertThat(Order.of(new Disconnect(0, false)).retry(USUAL)).isEqualTo(USUAL);
    }

    @Test
    void whenItIsFinalThenForTenMinutesUnlessSaidOtherwise() {
        assertThat(Order.of(Disconnect.forGood())).isEqualTo(new Order(Duration.ofMinutes(10), true));
        assertThat(Order.of(new Disconnect(0, true))).isEqualTo(new Order(Duration.ofMinutes(10), true));
        assertThat(Order.of(new Disconnect(3, true))).isEqualTo(new Order(Duration.ofSeconds(3), true));
    }

    /** It comes at once, and is told with 204 to stay away. */
    @Test
    void whenItIsFinalThenTheClientComesBackAtTheUsualTime() {
        assertThat(Order.of(Disconnect.forGood()).retry(USUAL)).isEqualTo(USUAL);
    }

    @Test
    void whenTheyAreKeptAwayThenTheyComeBackAfterItSpread() {
        assertThat(retry(1)).isEqualTo(between(1_000, 6_250));
        assertThat(retry(8)).isEqualTo(between(8_000, 15_000));
        assertThat(retry(86_400)).isEqualTo(between(86_400_000, 86_410_000));
    }

    @Test
    void whenItIsEncodedAndDecodedThenItIsTheSameWhateverFollows() {
        for (Order order : new Order[] {Order.of(null), Order.of(Disconnect.forGood()), Order.of(new Disconnect(86_400, false))}) {
            byte[] bytes = order.encode();
            assertThat(Order.decode(bytes)).isEqualTo(order);
            assertThat(Order.decode(Arrays.copyOf(bytes, bytes.length + 3))).isEqualTo(order);
        }
    }

    private static RetryDelay retry(int seconds) {
        return Order.of(new Disconnect(seconds, null)).retry(USUAL);
    }

    private static RetryDelay between(long min, long max) {
        return new RetryDelay(Duration.ofMillis(min), Duration.ofMillis(max));
    }
}
