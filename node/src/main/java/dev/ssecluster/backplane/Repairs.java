package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Handover.Inbound;
import dev.ssecluster.event.Target;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

    /** Completes when the connection delivers; fails when Redis is away, or that connection is. */
    CompletableFuture<Void> run(Inbound inbound) {
        return round(inbound, 1);
    }

    /** The fence is read after all channels were subscribed, and after the last frame was dropped: what is above it is held. */
    private CompletableFuture<Void> round(Inbound inbound, int round) {
        handover.holdAnew(inbound);
        return fence.read()
                .thenComposeAsync(issued -> fill(inbound, issued), loop)
                .thenComposeAsync(_ -> handover.settle(inbound, round == MOST_ROUNDS)
                        ? CompletableFuture.completedFuture(null)
                        : round(inbound, round + 1), loop);
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
