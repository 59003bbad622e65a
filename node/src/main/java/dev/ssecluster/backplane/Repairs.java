package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Handover.Inbound;
import dev.ssecluster.event.Target;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a new connection, on which all channels are subscribed, to the point where it can deliver: what was missed is handed
 * over first. All of it happens on the loop's thread.
 */
final class Repairs {

    private static final Logger log = LoggerFactory.getLogger(Repairs.class);

    /** After so many times that more came than can be held while the hole was filled, a gap is better than silence. */
    private static final int MOST_ROUNDS = 5;

    /** Steps before the repair; after that time it goes on without them. */
    private static final Duration STEP_TIMEOUT = Duration.ofSeconds(5);

    private final List<Supplier<CompletableFuture<Void>>> steps = new CopyOnWriteArrayList<>();
    private final Fence fence;
    private final RedisHistory history;
    private final PersistedEvents persisted;
    private final Handover handover;
    private final Supplier<Collection<Target>> channels;
    private final Executor loop;
    private final BackplaneMeters meters;

    Repairs(
            Fence fence,
            RedisHistory history,
            PersistedEvents persisted,
            Handover handover,
            Supplier<Collection<Target>> channels,
            Executor loop,
            BackplaneMeters meters) {
        this.fence = fence;
        this.history = history;
        this.persisted = persisted;
        this.handover = handover;
        this.channels = channels;
        this.loop = loop;
        this.meters = meters;
    }

    /** See {@link Backplane#beforeRepair}. */
    void before(Supplier<CompletableFuture<Void>> step) {
        steps.add(step);
    }

    /** Completes when the connection delivers; fails when Redis is away, or that connection is. */
    CompletableFuture<Void> run(Inbound inbound) {
        return round(inbound, 1);
    }

    /**
     * The fence is read after all channels were subscribed, those of the steps too, and after the last frame was dropped: what is above it
     * is held. The steps are taken in each round: what was dropped may have been a request.
     */
    private CompletableFuture<Void> round(Inbound inbound, int round) {
        handover.holdAnew(inbound);
        return takeSteps()
                .thenComposeAsync(_ -> fence.read(), loop)
                .thenComposeAsync(issued -> fill(inbound, issued), loop)
                .thenComposeAsync(_ -> handover.settle(inbound, round == MOST_ROUNDS)
                        ? CompletableFuture.completedFuture(null)
                        : round(inbound, round + 1), loop);
    }

    private CompletableFuture<Void> takeSteps() {
        CompletableFuture<?>[] begun = steps.stream().map(Repairs::begin).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(begun)
                .orTimeout(STEP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    log.warn("Repair goes on without a step that has failed: {}", LuaScript.cause(failure).toString());
                    return null;
                });
    }

    private static CompletableFuture<Void> begin(Supplier<CompletableFuture<Void>> step) {
        try {
            return step.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A channel that is subscribed after the targets were listed needs nothing: its stream reads the past itself. */
    private CompletableFuture<?> fill(Inbound inbound, long issued) {
        Collection<Target> targets = channels.get();
        long begin = handover.last();
        if (issued <= begin || targets.isEmpty()) {
            return CompletableFuture.completedFuture(handover.fill(inbound, List.of(), issued, List.of()));
        }
        long started = System.nanoTime();
        return new Repair(history, persisted, handover, inbound, loop, targets, issued)
                .run()
                .whenComplete((hasGap, _) -> {
                    timer(hasGap).record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
                    log.info("Repair of {} channels from {} to {}: {}", targets.size(), begin, issued, outcome(hasGap));
                });
    }

    private Timer timer(@Nullable Boolean hasGap) {
        if (hasGap == null) {
            return meters.repairFailed;
        }
        return hasGap ? meters.repairedWithGap : meters.repairedWholly;
    }

    private static String outcome(@Nullable Boolean hasGap) {
        if (hasGap == null) {
            return "failed";
        }
        return hasGap ? "there may be a gap" : "complete";
    }
}
