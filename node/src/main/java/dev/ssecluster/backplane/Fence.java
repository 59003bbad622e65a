package dev.ssecluster.backplane;

import io.lettuce.core.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Reads the last id issued. One read is under way at a time, and serves those that asked before it began; who asks meanwhile
 * shares the next one. Thread-safe.
 */
final class Fence {

    private final CommandLink commands;
    private final HighestId highest;
    private final Deadlines deadlines;
    private final long timeoutNanos;
    private List<Request> waiting = new ArrayList<>(); // guarded by this
    private boolean reading; // guarded by this

    Fence(CommandLink commands, HighestId highest, ScheduledExecutorService loop, BackplaneProperties properties) {
        this.commands = commands;
        this.highest = highest;
        this.deadlines = new Deadlines(loop);
        this.timeoutNanos = properties.subscribeTimeout().toNanos();
    }

    /** See {@link Backplane#fence}. */
    CompletableFuture<Long> read() {
        Request request = new Request(System.nanoTime() + timeoutNanos);
        synchronized (this) {
            waiting.add(request);
        }
        deadlines.add(request);
        readNext();
        return request.future;
    }

    private void readNext() {
        List<Request> served = takeWaiting();
        if (!served.isEmpty()) {
            var _ = readOnce().whenComplete((id, failure) -> {
                finished();
                served.forEach(request -> request.answer(id, failure));
                readNext();
            });
        }
    }

    private synchronized List<Request> takeWaiting() {
        if (reading || waiting.isEmpty()) {
            return List.of();
        }
        reading = true;
        List<Request> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }

    private synchronized void finished() {
        reading = false;
    }

    private CompletableFuture<Long> readOnce() {
        Session session = commands.session();
        if (session == null) {
            return unavailable();
        }
        return read(session).thenCompose(id -> id == null ? readAgain(session) : CompletableFuture.completedFuture(id));
    }

    private CompletableFuture<Long> readAgain(Session refused) {
        return commands.readopt(refused)
                .thenCompose(this::read)
                .thenCompose(id -> id == null ? unavailable() : CompletableFuture.completedFuture(id));
    }

    /** Null when the epoch is another one. MGET is one step: no script is needed. */
    private CompletableFuture<@Nullable Long> read(Session session) {
        return session.redis()
                .mget(Keys.EPOCH, Keys.SEQ)
                .toCompletableFuture()
                .thenApply(values -> seq(values, session.epoch()));
    }

    private @Nullable Long seq(List<KeyValue<byte[], byte[]>> values, String epoch) {
        boolean isSame = values.stream().allMatch(KeyValue::hasValue) && epoch.equals(text(values.getFirst()));
        if (!isSame) {
            return null;
        }
        long seq = Long.parseLong(text(values.getLast()));
        highest.saw(seq);
        return seq;
    }

    private static String text(KeyValue<byte[], byte[]> value) {
        return new String(value.getValue(), US_ASCII);
    }

    private static CompletableFuture<Long> unavailable() {
        return CompletableFuture.failedFuture(new BackplaneUnavailableException("Redis is away"));
    }

    private static final class Request extends Awaited<Long> {

        Request(long deadline) {
            super(deadline);
        }

        void answer(@Nullable Long id, @Nullable Throwable failure) {
            if (id == null) {
                String reason = failure == null ? "" : ": " + failure.getMessage();
                future.completeExceptionally(new BackplaneUnavailableException("The fence could not be read" + reason));
            } else {
                future.complete(id);
            }
        }

        @Override
        void expire() {
            future.completeExceptionally(new BackplaneUnavailableException("The fence was not read in time"));
        }
    }
}
