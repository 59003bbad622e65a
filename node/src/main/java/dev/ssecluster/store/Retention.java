package dev.ssecluster.store;

import dev.ssecluster.event.EventClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import net.javacrumbs.shedlock.core.ClockProvider;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.support.StorageBasedLockProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Deletes expired and old messages, now and then, on one node of the cluster at a time. It works at most half of the time, so
 * that sends have the database, too.
 */
final class Retention implements InitializingBean, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);
    private static final String LOCK = "sse:retention";
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_STEP = Duration.ofMinutes(1); // a generous limit

    private final Database database;
    private final EventClock clock;
    private final RetentionProperties properties;
    private final StoreMeters meters;
    private final StorageBasedLockProvider lock;
    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("retention").factory());
    private final CountDownLatch stopped = new CountDownLatch(1);

    Retention(Database database, StorageBasedLockProvider lock, EventClock clock, RetentionProperties properties, StoreMeters meters) {
        this.database = database;
        this.clock = clock;
        this.properties = properties;
        this.meters = meters;
        this.lock = lock;
    }

    @Override
    public void afterPropertiesSet() {
        long interval = properties.cleanupInterval().toMillis();
        var _ = executor.scheduleWithFixedDelay(this::runOnOneNode, interval, interval, TimeUnit.MILLISECONDS);
    }

    /** Waits for the step that is under way. */
    @Override
    public void destroy() throws InterruptedException {
        stopped.countDown();
        executor.shutdown();
        executor.awaitTermination(LONGEST_STEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Does nothing when another node is at it, or was within this interval. */
    void runOnOneNode() {
        long begin = System.nanoTime();
        try {
            lock.clearCache(); // it would go on without its row for ever, should that be gone
            new DefaultLockingTaskExecutor(lock).executeWithLock((Runnable) this::run, oneNode());
        } catch (RuntimeException | Error e) { // or it would never run again
            meters.failed.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            log.warn("Could not delete old messages; will try again in {}: {}", properties.cleanupInterval(), e.toString());
        }
    }

    private LockConfiguration oneNode() {
        Duration interval = properties.cleanupInterval();
        return new LockConfiguration(ClockProvider.now(), LOCK, interval.plus(LONGEST_STEP), interval.multipliedBy(9).dividedBy(10));
    }

    private void run() {
        long now = clock.micros();
        if (now != 0) {
            long begin = System.nanoTime();
            sweeps(now).forEach(sweep -> finish(sweep, begin));
            meters.completed.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }
    }

    private List<Sweep<?>> sweeps(long now) {
        long end = now - TimeUnit.NANOSECONDS.toMicros(properties.retention().toNanos());
        return List.of(
                Sweep.expired(database, meters.expired, Micros.toDate(now)),
                Sweep.own(database, meters.old, end),
                Sweep.foreign(database, meters.old, Micros.toDate(end)));
    }

    /** Until the next run is due at the latest: the lock does not last longer. */
    private void finish(Sweep<?> sweep, long begin) {
        while (!sweep.isFinished() && !isStopped() && System.nanoTime() - begin < properties.cleanupInterval().toNanos()) {
            long stepBegin = System.nanoTime();
            sweep.step();
            pause(System.nanoTime() - stepBegin);
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void pause(long nanos) {
        try {
            var _ = stopped.await(Math.max(nanos, SHORTEST_PAUSE.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }
}
