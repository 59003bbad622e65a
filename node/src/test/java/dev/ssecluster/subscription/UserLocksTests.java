package dev.ssecluster.subscription;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** Who may do something with a user's streams at the same time. */
class UserLocksTests {

    private final UserLocks locks = new UserLocks();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicInteger inside = new AtomicInteger();

    @AfterEach
    void close() {
        opened.countDown();
        threads.close();
        assertThat(locks.size()).isZero();
    }

    private Boolean stay() {
        inside.incrementAndGet();
        try {
            opened.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        inside.decrementAndGet();
        return true;
    }

    @Test
    void whenStreamsBeginThenTogetherAndWhoWantsToBeAloneWaitsForThem() throws Exception {
        var _ = threads.submit(() -> locks.together("u", this::stay));
        var _ = threads.submit(() -> locks.together("u", this::stay));
        await().until(() -> inside.get() == 2);
        Future<Integer> alone = threads.submit(() -> locks.alone("u", inside::get));
        assertThat(locks.alone("other", inside::get)).isEqualTo(2);
        assertThat(alone.isDone()).isFalse();
        opened.countDown();
        assertThat(alone.get()).isZero();
    }

    @Test
    void whenSomebodyIsAloneThenOthersWait() throws Exception {
        var _ = threads.submit(() -> locks.alone("u", this::stay));
        await().until(() -> inside.get() == 1);
        Future<Integer> together = threads.submit(() -> locks.together("u", inside::get));
        Future<Integer> alone = threads.submit(() -> locks.alone("u", inside::get));
        opened.countDown();
        assertThat(together.get() + alone.get()).isZero();
    }

    @Test
    void whenItFailsThenTheNextMayGoOn() {
        assertThatIllegalStateException().isThrownBy(() -> locks.alone("u", () -> {
            throw new IllegalStateException("a test's");
        }));
        assertThat(locks.alone("u", () -> true)).isTrue();
    }
}
