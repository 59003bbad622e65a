package dev.ssecluster.stream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

class ShardTests {

    private static final StreamProperties PROPERTIES = new StreamProperties(Duration.ofSeconds(30), Duration.ofSeconds(90),
            Duration.ofSeconds(5), DataSize.ofKilobytes(4), 1000, 100, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5),
            1, 100, DataSize.ofKilobytes(64));
    private static final long PATIENCE_MILLIS = 10_000;

    private final Shard shard = new Shard(0,
            new ShardStreams(0, PROPERTIES, new StreamMeters(new SimpleMeterRegistry(), 1000), () -> 1, (_, _) -> {}, _ -> {}));

    @BeforeEach
    void start() {
        shard.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        shard.stop(PATIENCE_MILLIS);
    }

    /** The thread on which the shard works. */
    private Thread thread() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        shard.post(owner -> thread.complete(Thread.currentThread()));
        return thread.get(PATIENCE_MILLIS / 1000, SECONDS);
    }

    @Test
    void whenATaskThrowsThenLaterOnesRunOnTheSameThread() throws Exception {
        Thread before = thread();
        for (int i = 0; i < 3; i++) {
            shard.post(owner -> {
                throw new IllegalStateException("meant by the test");
            });
        }
        assertThat(thread()).isSameAs(before);
    }

    @Test
    void whenStoppedThenWhatWasPostedBeforeIsDoneAndTheThreadHasEnded() throws Exception {
        Thread thread = thread();
        CountDownLatch blocked = new CountDownLatch(1);
        List<Integer> done = new ArrayList<>();
        shard.post(owner -> awaitUninterruptibly(blocked));
        for (int i = 0; i < 5_000; i++) { // more than one turn takes
            int number = i;
            shard.post(owner -> done.add(number));
        }
        shard.post(owner -> {
            throw new IllegalStateException("meant by the test");
        });
        blocked.countDown();
        shard.stop(PATIENCE_MILLIS);
        assertThat(thread.isAlive()).isFalse();
        assertThat(done).hasSize(5_000).isSorted();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whenManyPostThenEachOnesTasksRunOnceInItsOrder() throws Exception {
        List<List<Integer>> done = IntStream.range(0, 4).mapToObj(i -> (List<Integer>) new ArrayList<Integer>()).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            done.forEach(mine -> threads.execute(() -> IntStream.range(0, 20_000).forEach(n -> shard.post(owner -> mine.add(n)))));
        }
        shard.stop(PATIENCE_MILLIS);
        assertThat(done).allSatisfy(mine -> assertThat(mine).hasSize(20_000).isSorted().doesNotHaveDuplicates());
    }

    /** A post that comes just when the thread goes to sleep must wake it: a lost wake-up would cost up to a tick. */
    @Test
    void whenIdleThenAPostIsDoneAtOnce() throws Exception {
        long start = System.nanoTime();
        for (int i = 0; i < 2_000; i++) {
            assertThat(thread().isAlive()).isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20)); // 250 ms each would be 500 s
    }
}
