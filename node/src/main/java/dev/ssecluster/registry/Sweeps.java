package dev.ssecluster.registry;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.Leases;
import dev.ssecluster.backplane.Leases.Swept;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

/** Sweeps every second, soon after somebody came, and soon again while there is more to do. One sweep at a time. */
final class Sweeps {

    private static final Logger log = LoggerFactory.getLogger(Sweeps.class);

    /** Those who arrive at a time are announced together. */
    private static final long SOON_MILLIS = 50;

    /** While many come at a time, sends and those who still come have Redis for themselves for most of the time. */
    private static final long PAUSE_MILLIS = 20;

    private final Leases leases;
    private final RegistryMeters meters;
    private final ScheduledExecutorService timer;
    private final AtomicBoolean isComing = new AtomicBoolean(); // a sweep that has not begun
    private boolean isUnderWay; // on the timer's thread

    Sweeps(Leases leases, RegistryMeters meters, ScheduledExecutorService timer) {
        this.leases = leases;
        this.meters = meters;
        this.timer = timer;
    }

    /** From any thread. */
    void soon() {
        if (isComing.compareAndSet(false, true)) {
            var _ = timer.schedule(this::run, SOON_MILLIS, MILLISECONDS);
        }
    }

    /** Now; on the timer's thread. */
    void run() {
        if (!isUnderWay) {
            isUnderWay = true;
            isComing.set(false);
            var _ = leases.sweep().whenCompleteAsync(this::swept, timer);
        }
    }

    private void swept(@Nullable Swept swept, @Nullable Throwable failure) {
        isUnderWay = false;
        if (swept == null) {
            report(failure);
            return;
        }
        meters.swept(swept);
        if (swept.hasMore()) {
            var _ = timer.schedule(this::run, PAUSE_MILLIS, MILLISECONDS);
        } else if (isComing.get()) {
            run();
        }
    }

    private static void report(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof BackplaneUnavailableException) {
            log.debug("Nobody is announced now: {}", cause.getMessage());
        } else {
            log.error("A sweep failed because of a fault in this node", cause);
        }
    }
}
