package dev.ssecluster.backplane;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class HighestStoredTests {

    @Test
    void whenTheDatabaseAnswersThenThatIsIt() {
        assertThat(TestNode.get(new HighestStored(() -> 7).ask())).isEqualTo(7);
    }

    @Test
    void whenTheDatabaseIsAwayThenItIsNotKnown() {
        var away = new HighestStored(() -> {
            throw new IllegalStateException("away");
        });
        assertThat(TestNode.get(away.ask())).isZero();
    }

    @Test
    void whenTheDatabaseHangsThenItIsNotWaitedForAndNotAskedTwice() {
        CountDownLatch hanging = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        var stored = new HighestStored(() -> {
            awaitUninterrupted(hanging);
            return asked.incrementAndGet();
        });
        long start = System.nanoTime();
        var first = stored.ask();
        var second = stored.ask();
        assertThat(TestNode.get(first)).isZero();
        assertThat(TestNode.get(second)).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        hanging.countDown();
        await().until(() -> asked.get() == 1);
        assertThat(TestNode.get(stored.ask())).isBetween(1L, 2L);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
