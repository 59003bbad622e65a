package dev.ssecluster.backplane;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DeadlinesTests {

    private final Loop loop = new Loop();
    private final Deadlines deadlines = new Deadlines(loop);

    @AfterEach
    void stop() {
        loop.stop();
    }

    @Test
    void whenADeadlinePassesThenTheEntryExpiresAndNotBefore() {
        var entries = IntStream.range(0, 20)
                .mapToObj(i -> new Entry(System.nanoTime() + 20_000_000L + i * 5_000_000L))
                .toList();
        entries.forEach(deadlines::add);
        await().until(() -> entries.stream().allMatch(Entry::isDone));
        assertThat(entries).allMatch(entry -> entry.expiredAt.get() >= entry.deadline());
    }

    @Test
    void whenAllAreDoneThenNoTimerIsLeftBehindAndALaterEntryStillExpires() {
        Entry done = new Entry(System.nanoTime() + 10_000_000);
        deadlines.add(done);
        done.expire();
        long expiredAt = done.expiredAt.get();
        await().until(() -> loop.getQueue().isEmpty());
        assertThat(done.expiredAt).hasValue(expiredAt);
        Entry later = new Entry(System.nanoTime() + 10_000_000);
        deadlines.add(later);
        await().until(later::isDone);
    }

    @Test
    void whenManyWaitThenOneTimerServesThem() {
        long deadline = System.nanoTime() + 60_000_000_000L;
        IntStream.range(0, 1_000).forEach(i -> deadlines.add(new Entry(deadline + i)));
        assertThat(loop.getQueue()).hasSize(1);
    }

    private static final class Entry extends Awaited<Void> {

        private final AtomicLong expiredAt = new AtomicLong();

        Entry(long deadline) {
            super(deadline);
        }

        @Override
        void expire() {
            expiredAt.set(System.nanoTime());
            future.complete(null);
        }
    }
}
