package dev.ssecluster.backplane;

import dev.ssecluster.backplane.PublishScript.Outgoing;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisLoadingException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes by group commit: while one call to Redis is under way, sends gather, and go together in the next. One call at a time
 * keeps the order of a list even when a call has to be repeated. Redis has one core, so a second call could only fill the time
 * for which an answer travels.
 *
 * <p>Every send is answered by its deadline. Redis refuses what it reads later than that, so that a call which waited in a
 * socket publishes nothing behind the back of a caller who was told otherwise. While a call is overdue, new sends are refused
 * at once. Thread-safe; one lock (this).
 */
final class Publisher {

    private static final Logger log = LoggerFactory.getLogger(Publisher.class);
    private static final PublishResult NOT_SENT = new PublishResult.NotSent();
    private static final PublishResult UNKNOWN = new PublishResult.Unknown();

    /** Subtracted from every deadline, because our idea of Redis' clock may be off by one round trip; microseconds. */
    private static final long CLOCK_MARGIN = 2_000;

    private final PublishScript script;
    private final CommandLink commands;
    private final RedisClock clock;
    private final HighestId highest;
    private final BackplaneMeters meters;
    private final Deadlines deadlines;
    private final PublishProperties properties;
    private final Queue<Submission> waiting = new ArrayDeque<>();
    private int waitingMessages;
    private boolean stopped;
    private @Nullable PublishCall underWay;

    Publisher(
            PublishScript script,
            CommandLink commands,
            RedisClock clock,
            HighestId highest,
            BackplaneMeters meters,
            ScheduledExecutorService loop,
            PublishProperties properties) {
        this.script = script;
        this.commands = commands;
        this.clock = clock;
        this.highest = highest;
        this.meters = meters;
        this.deadlines = new Deadlines(loop);
        this.properties = properties;
        commands.onAdopted(_ -> sendNext());
    }

    /** See {@link Backplane#publish}. */
    CompletableFuture<List<PublishResult>> publish(List<Publication> messages) {
        if (messages.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        long deadline = System.nanoTime() + properties.timeout().toNanos();
        var submission = new Submission(messages.stream().map(Outgoing::of).toList(), deadline, this::expire);
        if (!enqueue(submission)) {
            return CompletableFuture.completedFuture(Collections.nCopies(messages.size(), NOT_SENT));
        }
        deadlines.add(submission);
        sendNext();
        return submission.future;
    }

    /** Answers all that wait; afterwards everything is refused. */
    void stop() {
        List<Submission> rest;
        synchronized (this) {
            stopped = true;
            rest = List.copyOf(waiting);
        }
        rest.forEach(this::expire);
    }

    private synchronized boolean enqueue(Submission submission) {
        boolean isAccepted = !stopped
                && commands.session() != null
                && !isOverdue()
                && waitingMessages + submission.size() <= properties.queueLength();
        if (isAccepted) {
            waiting.add(submission);
            waitingMessages += submission.size();
        }
        return isAccepted;
    }

    private boolean isOverdue() {
        return underWay != null && System.nanoTime() - underWay.sentAt() > properties.timeout().toNanos();
    }

    private void sendNext() {
        Session session = commands.session();
        PublishCall call = session == null || !session.connection().isOpen() ? null : nextCall();
        if (call != null && session != null) {
            orFinish(call, () -> {
                meters.batch.record(call.messages().size());
                send(call, session, true);
            });
        }
    }

    /** Whatever goes wrong in this node: the call ends, or no other would ever follow. */
    private void orFinish(PublishCall call, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            log.error("A fault in this node: what became of {} sends is not known", call.messages().size(), e);
            finish(call, UNKNOWN);
        }
    }

    private synchronized @Nullable PublishCall nextCall() {
        if (underWay != null || waitingMessages == 0) {
            return null;
        }
        PublishCall call = new PublishCall();
        while (!waiting.isEmpty()) {
            Submission submission = waiting.element();
            call.takeFrom(submission, properties.batchMessages(), properties.batchSize().toBytes());
            if (submission.untaken() > 0) {
                break; // the call is full
            }
            waiting.remove();
        }
        waitingMessages -= call.messages().size();
        underWay = call;
        return call;
    }

    private void send(PublishCall call, Session session, boolean mayRepeat) {
        call.isSentNow();
        var _ = script.run(session.redis(), session.epoch(), call.messages(), redisDeadlines(call))
                .whenComplete((answer, failure) -> {
                    if (answer == null) {
                        finish(call, hasNotRun(failure) ? NOT_SENT : UNKNOWN);
                    } else {
                        orFinish(call, () -> answered(call, session, answer, mayRepeat));
                    }
                });
    }

    private long[] redisDeadlines(PublishCall call) {
        return Arrays.stream(call.deadlines()).map(deadline -> clock.at(deadline) - CLOCK_MARGIN).toArray();
    }

    private void answered(PublishCall call, Session session, PublishAnswer answer, boolean mayRepeat) {
        clock.learn(call.sentAt(), System.nanoTime(), answer.now());
        if (!answer.isRefused()) {
            report(answer);
            finish(call, answer.results(call.messages().size())::get);
        } else if (mayRepeat) {
            repeat(call, session);
        } else {
            finish(call, NOT_SENT);
        }
    }

    /** Refused for its epoch, so nothing was written: adopts and sends it once more, under the same deadlines. */
    private void repeat(PublishCall call, Session refused) {
        var _ = commands.readopt(refused).whenComplete((session, failure) -> {
            if (failure == null) {
                orFinish(call, () -> send(call, session, false));
            } else {
                finish(call, NOT_SENT);
            }
        });
    }

    private void finish(PublishCall call, PublishResult result) {
        finish(call, _ -> result);
    }

    private void finish(PublishCall call, IntFunction<PublishResult> results) {
        List<Submission> complete;
        synchronized (this) {
            underWay = underWay == call ? null : underWay;
            complete = call.answer(results);
        }
        sendNext(); // Redis works on while callers are told
        complete.forEach(Submission::complete);
    }

    private void report(PublishAnswer answer) {
        highest.saw(answer.highestId());
        String error = answer.error();
        if (error != null) {
            log.warn("Redis refused to store an event: {}", error);
        }
    }

    private void expire(Submission submission) {
        boolean isLast;
        synchronized (this) {
            waitingMessages -= submission.untaken();
            isLast = submission.answerRest();
        }
        if (isLast) {
            submission.complete();
        }
    }

    private static boolean hasNotRun(Throwable failure) {
        Throwable cause = LuaScript.cause(failure);
        return cause instanceof RedisLoadingException || cause instanceof RedisBusyException;
    }
}
