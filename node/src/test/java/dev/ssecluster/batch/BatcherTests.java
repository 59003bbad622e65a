package dev.ssecluster.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BatcherTests {

    private final List<List<Integer>> calls = new ArrayList<>();
    private final List<CompletableFuture<List<Integer>>> answers = new ArrayList<>();
    private final Batcher<Integer, Integer> batcher = new Batcher<>(3, requests -> {
        calls.add(requests);
        CompletableFuture<List<Integer>> answer = new CompletableFuture<>();
        answers.add(answer);
        return answer;
    });

    @Test
    void whenACallIsUnderWayThenRequestsGatherForTheNext() {
        var first = batcher.submit(1);
        var second = batcher.submit(2);
        var third = batcher.submit(3);
        assertThat(calls).containsExactly(List.of(1));
        answers.getFirst().complete(List.of(10));
        assertThat(calls).containsExactly(List.of(1), List.of(2, 3));
        answers.getLast().complete(List.of(20, 30));
        assertThat(List.of(first.join(), second.join(), third.join())).containsExactly(10, 20, 30);
    }

    @Test
    void whenManyAreSubmittedAtOnceThenTheyGoTogether() {
        var futures = batcher.submitAll(List.of(1, 2, 3, 4));
        assertThat(batcher.submitAll(List.of())).isEmpty();
        assertThat(calls).containsExactly(List.of(1, 2, 3));
        answers.getFirst().complete(List.of(10, 20, 30));
        answers.getLast().complete(List.of(40));
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(10, 20, 30, 40);
    }

    @Test
    void whenACallHasNotStartedThenRequestsStillJoinIt() {
        Queue<Runnable> starts = new ArrayDeque<>();
        Batcher<Integer, Integer> later = new Batcher<>(3, starts::add, requests -> {
            calls.add(requests);
            return CompletableFuture.completedFuture(requests);
        });
        var futures = IntStream.range(0, 4).mapToObj(later::submit).toList();
        assertThat(starts).hasSize(1);
        starts.remove().run();
        starts.remove().run();
        assertThat(calls).containsExactly(List.of(0, 1, 2), List.of(3));
        assertThat(futures).extracting(CompletableFuture::join).containsExactly(0, 1, 2, 3);
        assertThat(starts).isEmpty();
    }

    @Test
    void whenMoreWaitThanACallTakesThenTheOthersGoInTheOneAfter() {
        for (int i = 0; i < 5; i++) {
            var _ = batcher.submit(i);
        }
        answers.getFirst().complete(List.of(0));
        assertThat(calls.getLast()).containsExactly(1, 2, 3);
        assertThat(batcher.waiting()).isEqualTo(1);
    }

    @Test
    void whenACallFailsThenItsRequestsFailAndTheNextGoesOn() {
        var first = batcher.submit(1);
        var second = batcher.submit(2);
        answers.getFirst().completeExceptionally(new IllegalStateException("away"));
        assertThatThrownBy(first::join).hasCauseInstanceOf(IllegalStateException.class);
        answers.getLast().complete(List.of(20));
        assertThat(second).isCompletedWithValue(20);
    }

    @Test
    void whenACallThrowsOrAnswersTooFewThenItsRequestsFailAndTheNextGoesOn() {
        AtomicInteger count = new AtomicInteger();
        Batcher<Integer, Integer> faulty = new Batcher<>(3, requests -> {
            if (count.incrementAndGet() == 1) {
                throw new IllegalStateException("a fault");
            }
            return CompletableFuture.completedFuture(count.get() == 2 ? List.of() : requests);
        });
        assertThatThrownBy(faulty.submit(1)::join).hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(faulty.submit(2)::join).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(faulty.submit(3)).isCompletedWithValue(3);
    }

    @Test
    void whenACallerHasGivenUpThenNothingIsAskedForIt() {
        var _ = batcher.submit(1);
        batcher.submit(2).cancel(false);
        var _ = batcher.submit(3);
        answers.getFirst().complete(List.of(1));
        assertThat(calls.getLast()).containsExactly(3);
    }

    @Test
    void whenManyThreadsAskThenEachGetsItsOwnAnswerAndOneCallRunsAtATime() {
        long seed = ThreadLocalRandom.current().nextLong();
        AtomicInteger running = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Batcher<Integer, Integer> asynchronous = new Batcher<>(50, requests -> CompletableFuture.supplyAsync(() -> {
                assertThat(running.incrementAndGet()).isEqualTo(1);
                List<Integer> doubled = requests.stream().map(request -> request * 2).toList();
                running.decrementAndGet();
                return doubled;
            }, threads));
            List<CompletableFuture<Void>> checks = new ArrayList<>();
            Random random = new Random(seed);
            for (int i = 0; i < 5_000; i++) {
                int request = random.nextInt();
                checks.add(CompletableFuture.runAsync(
                        () -> assertThat(asynchronous.submit(request).join()).as("seed %d", seed).isEqualTo(request * 2), threads));
            }
            checks.forEach(CompletableFuture::join);
        }
    }
}
