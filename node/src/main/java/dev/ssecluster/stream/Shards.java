package dev.ssecluster.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The delivery threads of this node. Thread-safe. */
final class Shards {

    private static final long STOP_MILLIS = 5_000;

    private final List<Shard> shards = new ArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean stopped;

    Shards(int count, IntFunction<ShardStreams> streams) {
        for (int i = 0; i < count; i++) {
            shards.add(new Shard(i, streams.apply(i)));
        }
        shards.forEach(Shard::start);
    }

    int count() {
        return shards.size();
    }

    /** Another one each time, in turn. */
    Shard next() {
        return shards.get(Math.floorMod(next.getAndIncrement(), shards.size()));
    }

    void post(Shard.Task task) {
        shards.forEach(shard -> shard.post(task));
    }

    /** To those that may have members. */
    void post(Topic topic, Shard.Task task) {
        long mask = topic.shardMask();
        for (Shard shard : shards) {
            if ((mask >> shard.index() & 1) != 0) {
                shard.post(task);
            }
        }
    }

    /** Asks all; the answers come when the last one has answered, on its thread. */
    <T> CompletableFuture<List<T>> ask(Function<ShardStreams, T> question) {
        return ask(-1, question);
    }

    /** Asks those that may have members of the topic. */
    <T> CompletableFuture<List<T>> ask(Topic topic, Function<ShardStreams, T> question) {
        return ask(topic.shardMask(), question);
    }

    private <T> CompletableFuture<List<T>> ask(long mask, Function<ShardStreams, T> question) {
        List<CompletableFuture<T>> answers = new ArrayList<>();
        for (Shard shard : shards) {
            if (!stopped && (mask >> shard.index() & 1) != 0) {
                CompletableFuture<T> answer = new CompletableFuture<>();
                shard.post(owner -> answer.completeAsync(() -> question.apply(owner), Runnable::run)); // also when it throws
                answers.add(answer);
            }
        }
        return all(answers);
    }

    static <T> List<T> flat(List<List<T>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }

    /** Completes when all have. */
    static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> answers) {
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(_ -> answers.stream().map(CompletableFuture::join).toList());
    }

    /** Does what was posted before, then ends the threads; returns when they have ended, or have taken too long. */
    void stop() {
        stopped = true;
        try {
            for (Shard shard : shards) {
                shard.stop(STOP_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
