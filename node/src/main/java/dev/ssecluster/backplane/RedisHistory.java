package dev.ssecluster.backplane;

import dev.ssecluster.backplane.HistoryCall.Answer;
import dev.ssecluster.backplane.HistoryCall.Request;
import dev.ssecluster.backplane.HistoryScript.Found;
import dev.ssecluster.backplane.HistoryScript.Query;
import dev.ssecluster.batch.Batcher;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.Target;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Reads histories by group commit: while one call to Redis is under way, requests gather, and go together in the next. */
final class RedisHistory implements History {

    /** Ranges in one call; more would keep Redis from its other clients for too long. */
    private static final int RANGES = 500;

    private static final long PAGE_BYTES = 1_000_000;
    private static final long CALL_BYTES = 8_000_000;
    private static final long MOST_SHARED_BYTES = 64_000_000;
    private static final long MOST_SHARED_BYTES_PER_TARGET = 4_000_000;
    private static final long SWEEP_SECONDS = 5;

    /** Clients that come back at once are not equally far behind: the first one's read should do for all of them. */
    private static final int NEWEST = 256;

    private static final EventRange NOTHING = new EventRange(Target.BROADCAST, FrameLayout.MAX_ID - 1, 1);

    private final SharedHistory shared = new SharedHistory(MOST_SHARED_BYTES, MOST_SHARED_BYTES_PER_TARGET, System::nanoTime);
    private final Batcher<Request, Answer> batcher = new Batcher<>(RANGES, Batcher.VIRTUAL_THREADS, this::call);
    private final Executor decoding = task -> Thread.ofVirtual().name("sse-history").start(task);
    private final HistoryScript script;
    private final CommandLink commands;
    private final RedisClock clock;
    private final HighestId highest;
    private final BackplaneMeters meters;
    private final long timeoutMillis;

    RedisHistory(
            CommandLink commands,
            RedisClock clock,
            HighestId highest,
            BackplaneMeters meters,
            ScheduledExecutorService loop,
            HistoryProperties history,
            BackplaneProperties properties) {
        this.script = new HistoryScript(history, PAGE_BYTES, CALL_BYTES, meters);
        this.commands = commands;
        this.clock = clock;
        this.highest = highest;
        this.meters = meters;
        this.timeoutMillis = properties.subscribeTimeout().toMillis();
        var _ = loop.scheduleWithFixedDelay(shared::bound, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public CompletableFuture<Reading> read(List<EventRange> ranges) {
        return read(ranges, NEWEST).orTimeout(timeoutMillis, TimeUnit.MILLISECONDS).exceptionallyCompose(failure ->
                CompletableFuture.failedFuture(new BackplaneUnavailableException("History was not read: " + failure.getMessage())));
    }

    /**
     * As {@link #read}, for one reader who stands for all of this node's. It may take as long as the connection to Redis lives, and
     * fails for whatever reason.
     */
    CompletableFuture<Reading> readPatiently(List<EventRange> ranges) {
        return read(ranges, 0);
    }

    private CompletableFuture<Reading> read(List<EventRange> ranges, int newest) {
        if (ranges.isEmpty()) {
            return read(List.of(NOTHING), newest)
                    .thenApply(reading -> new Reading(reading.fence(), reading.born(), reading.windowStart(), List.of()));
        }
        List<CompletableFuture<Answer>> answers = ranges.stream().map(range -> read(range, newest)).toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(_ -> reading(answers.stream().map(CompletableFuture::join).toList()));
    }

    private CompletableFuture<Answer> read(EventRange range, int newest) {
        long after = Math.clamp(range.after(), 0, FrameLayout.MAX_ID - 1); // a cursor may be anything
        return submit(new Request(range.target(), after, range.limit(), newest));
    }

    private CompletableFuture<Answer> submit(Request request) {
        return batcher.submit(request)
                .thenCompose(answer -> answer.page() == null ? submit(request) : CompletableFuture.completedFuture(answer));
    }

    private CompletionStage<List<Answer>> call(List<Request> requests) {
        HistoryCall call = new HistoryCall(requests, shared);
        return run(call.queries()).thenApply(call::answers);
    }

    private CompletableFuture<Found> run(List<Query> queries) {
        Session session = commands.session();
        if (session == null) {
            return unavailable();
        }
        return run(session, queries)
                .thenCompose(found -> found.isRefused() ? runAgain(session, queries) : CompletableFuture.completedFuture(found));
    }

    private CompletableFuture<Found> runAgain(Session refused, List<Query> queries) {
        return commands.readopt(refused)
                .thenCompose(session -> run(session, queries))
                .thenCompose(found -> found.isRefused() ? unavailable() : CompletableFuture.completedFuture(found));
    }

    private CompletableFuture<Found> run(Session session, List<Query> queries) {
        long sent = System.nanoTime();
        return script.run(session.redis(), session.epoch(), queries, decoding).toCompletableFuture().thenApply(found -> {
            clock.learn(sent, System.nanoTime(), found.now());
            highest.saw(found.seq());
            meters.readHistory(sent, found.events());
            return found;
        });
    }

    private static Reading reading(List<Answer> answers) {
        long fence = answers.stream().mapToLong(answer -> answer.found().seq()).min().orElseThrow();
        long born = answers.stream().mapToLong(answer -> answer.found().born()).max().orElseThrow();
        long windowStart = answers.stream().mapToLong(answer -> answer.found().windowStart()).max().orElseThrow();
        return new Reading(fence, born, windowStart, answers.stream().map(answer -> answer.until(fence)).toList());
    }

    private static CompletableFuture<Found> unavailable() {
        return CompletableFuture.failedFuture(new BackplaneUnavailableException("Redis is away"));
    }
}
