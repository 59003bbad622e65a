package dev.ssecluster.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: while one call is under way, requests gather, and go together in the next. So a request is served by a call
 * that began after it was made, a single request waits for nothing, and a storm of them becomes a few large calls. Thread-safe;
 * nothing here blocks, unless the call does.
 *
 * @param <Q> a request
 * @param <R> its result
 */
public final class Batcher<Q, R> {

    /**
     * Starts each call on a virtual thread of its own, which may block. Such a thread runs behind those that can run already, so when
     * there is much to do all of these have made their requests before, and they go together.
     */
    public static final Executor VIRTUAL_THREADS = task -> Thread.ofVirtual().name("batch").start(task);

    private final Executor starter;
    private final Function<List<Q>, CompletionStage<List<R>>> call;
    private final int largest;
    private final Queue<Waiting<Q, R>> queue = new ArrayDeque<>(); // guarded by this
    private boolean underWay; // or about to start; guarded by this

    /** Calls begin on the thread of a request, or on the one that ended the call before. */
    public Batcher(int largest, Function<List<Q>, CompletionStage<List<R>>> call) {
        this(largest, Runnable::run, call);
    }

    /**
     * @param largest requests in one call
     * @param starter where calls begin
     * @param call answers with one result for each request, in their order; one call at a time. When it fails, all its requests
     *     fail with the same reason
     */
    public Batcher(int largest, Executor starter, Function<List<Q>, CompletionStage<List<R>>> call) {
        this.largest = largest;
        this.starter = starter;
        this.call = call;
    }

    private record Waiting<Q, R>(Q request, CompletableFuture<R> future) {}

    /** Completes with the request's result, or exceptionally with the reason why its call failed. */
    public CompletableFuture<R> submit(Q request) {
        return submitAll(List.of(request)).getFirst();
    }

    /** As if each were submitted alone, but those that fit into one call go together. */
    public List<CompletableFuture<R>> submitAll(List<Q> requests) {
        List<CompletableFuture<R>> futures = new ArrayList<>(requests.size());
        synchronized (this) {
            for (Q request : requests) {
                CompletableFuture<R> future = new CompletableFuture<>();
                queue.add(new Waiting<>(request, future));
                futures.add(future);
            }
        }
        callNext();
        return futures;
    }

    /** Requests that no call has taken yet. */
    public synchronized int waiting() {
        return queue.size();
    }

    private void callNext() {
        if (mayStart()) {
            starter.execute(this::call);
        }
    }

    private synchronized boolean mayStart() {
        boolean may = !underWay && !queue.isEmpty();
        underWay |= may;
        return may;
    }

    private void call() {
        List<Waiting<Q, R>> batch = take();
        var _ = start(batch).whenComplete((results, failure) -> {
            finished();
            callNext(); // the next call is under way while callers are told
            answer(batch, results, failure);
        });
    }

    private CompletionStage<List<R>> start(List<Waiting<Q, R>> batch) {
        try {
            return batch.isEmpty() ? CompletableFuture.completedFuture(List.of()) : call.apply(batch.stream().map(Waiting::request).toList());
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e); // or no call would ever follow
        }
    }

    private synchronized List<Waiting<Q, R>> take() {
        List<Waiting<Q, R>> batch = new ArrayList<>();
        while (batch.size() < largest && !queue.isEmpty()) {
            Waiting<Q, R> waiting = queue.remove();
            if (!waiting.future.isDone()) { // its caller may have given up
                batch.add(waiting);
            }
        }
        return batch;
    }

    private synchronized void finished() {
        underWay = false;
    }

    private void answer(List<Waiting<Q, R>> batch, @Nullable List<R> results, @Nullable Throwable failure) {
        for (int i = 0; i < batch.size(); i++) {
            if (results != null && results.size() == batch.size()) {
                batch.get(i).future.complete(results.get(i));
            } else {
                batch.get(i).future.completeExceptionally(failure != null ? failure
                        : new IllegalStateException("A call answered with another number of results"));
            }
        }
    }
}
