package dev.ssecluster.registry;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.Leases;
import dev.ssecluster.event.NodeId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

/** The registry, put together, and its thread, which times everything and never blocks. */
final class RunningRegistry implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RunningRegistry.class);

    private static final long SECOND_MILLIS = 1_000;
    private static final long STOP_MILLIS = 2_000;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().name("registry").daemon().factory(),
            new ThreadPoolExecutor.DiscardPolicy()); // what comes after stop is of no use

    private final NodeLease node;
    private final LeaseRegistry registry;
    private final Refreshes refreshes;
    private final Sweeps sweeps;
    private final long renewMillis;
    private boolean isRenewing; // on the timer's thread
    private volatile boolean running;

    /** @param info what the node says of itself now */
    RunningRegistry(Leases leases, NodeId id, LocalStreams streams, Supplier<NodeInfo> info, Duration refreshInterval,
            Duration renewInterval, UserLimit limit, RegistryMeters meters) {
        this.renewMillis = renewInterval.toMillis();
        this.sweeps = new Sweeps(leases, meters, timer);
        this.node = new NodeLease(leases, id, new GroupReport(streams::groups), () -> info.get().json(), () -> {
            meters.restored.increment();
            restore();
        });
        LeaseWriter writer = new LeaseWriter(leases, node, limit.maxStreamsPerUser(), meters, sweeps::soon);
        this.registry = new LeaseRegistry(leases, writer);
        this.refreshes = new Refreshes(streams, refreshInterval, registry::refresh, writer::waiting, timer);
        meters.observe(registry::leases, registry::failedDepartures);
    }

    LeaseRegistry registry() {
        return registry;
    }

    private void restore() {
        refreshes.all();
    }

    @Override
    public void start() {
        running = true;
        long offset = ThreadLocalRandom.current().nextLong(SECOND_MILLIS); // nodes do not sweep at the same moment
        every(renewMillis, 0, this::renew);
        every(SECOND_MILLIS, offset, refreshes::next);
        every(SECOND_MILLIS, offset, sweeps::run);
    }

    private void every(long periodMillis, long offsetMillis, Runnable task) {
        var _ = timer.scheduleAtFixedRate(() -> runGuarded(task), offsetMillis, periodMillis, MILLISECONDS);
    }

    private static void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // or it would never run again
            log.error("The registry failed because of a fault in this node; it goes on", e);
        }
    }

    /** One at a time: what one tells of the groups depends on what became of the one before. */
    private void renew() {
        if (!isRenewing) {
            CompletableFuture<?> renewal = node.renew();
            isRenewing = true;
            var _ = renewal.whenCompleteAsync((_, failure) -> renewed(failure), timer);
        }
    }

    private void renewed(@Nullable Throwable failure) {
        isRenewing = false;
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            registry.retry();
            restoreLost();
        } else if (cause instanceof BackplaneUnavailableException) {
            log.debug("This node's lease is not renewed now: {}", cause.getMessage());
        } else {
            log.error("This node's lease was not renewed because of a fault in this node", cause);
        }
    }

    /** What failed may have been the first that another incarnation wrote of a stream. */
    private void restoreLost() {
        if (registry.hasLostRefreshes()) {
            refreshes.all();
        }
    }

    /** The streams have ended before. What cannot be written now ends with the lease. */
    @Override
    public void stop() {
        running = false;
        timer.shutdownNow();
        if (await(registry.settled())) {
            await(node.end());
        }
    }

    private static boolean await(CompletableFuture<?> last) {
        try {
            last.get(STOP_MILLIS, MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            log.info("What this node has left in the registry is removed when its lease has ended: {}", e.toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stops before the backplane does. */
    @Override
    public int getPhase() {
        return 1;
    }
}
