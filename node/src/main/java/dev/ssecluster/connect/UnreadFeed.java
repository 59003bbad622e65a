package dev.ssecluster.connect;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.message.UnreadCounts;
import dev.ssecluster.store.MessageStore.Unread;
import dev.ssecluster.stream.Streams;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Keeps streams that asked for it informed of their users' unread counts. For one user one count is taken at a time, and again when
 * something changed meanwhile, so a stream never ends with an old one. Messages also cease to count by expiring, so that moment is
 * waited for. Thread-safe; does not block.
 */
@Component
final class UnreadFeed implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(UnreadFeed.class);
    private static final int COUNTS_AT_ONCE = 4; // the database has others to serve

    private final Streams streams;
    private final UnreadCounts counts;
    private final EventClock clock;
    private final Map<String, Progress> counting = new ConcurrentHashMap<>();
    private final Map<String, Long> expiries = new ConcurrentHashMap<>();
    private final Semaphore permits = new Semaphore(COUNTS_AT_ONCE);
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("unread").daemon().factory());

    private enum Progress {
        COUNTING,
        CHANGED_MEANWHILE
    }

    UnreadFeed(Streams streams, UnreadCounts counts, EventClock clock) {
        this.streams = streams;
        this.counts = counts;
        this.clock = clock;
        streams.onUnread(this::refresh);
        var _ = timer.scheduleWithFixedDelay(this::refreshExpired, 1, 1, TimeUnit.SECONDS);
    }

    /** Tells the user's streams the count, as far as they do not know it. */
    void refresh(String user) {
        Progress progress = counting.merge(user, Progress.COUNTING, (_, _) -> Progress.CHANGED_MEANWHILE);
        if (progress == Progress.COUNTING) {
            Thread.ofVirtual().name("unread").start(() -> count(user));
        }
    }

    private void count(String user) {
        try {
            do {
                counting.put(user, Progress.COUNTING);
                tell(user);
            } while (!counting.remove(user, Progress.COUNTING));
        } catch (StoreUnavailableException | BackplaneUnavailableException e) {
            log.debug("The unread count is not known now", e);
            countLater(user);
        } catch (RuntimeException e) {
            log.error("The unread count is not known because of a fault in this node", e);
            countLater(user);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void countLater(String user) {
        expiries.put(user, 0L);
        counting.remove(user);
    }

    private void tell(String user) throws InterruptedException {
        permits.acquire();
        try {
            Unread unread = counts.count(user);
            streams.unread(user, Math.toIntExact(unread.count()));
            if (unread.nextExpiry() > 0) {
                expiries.put(user, unread.nextExpiry());
            }
        } finally {
            permits.release();
        }
    }

    private void refreshExpired() {
        long now = clock.micros();
        expiries.forEach((user, expiry) -> {
            if (!streams.tellsUnread(user)) {
                expiries.remove(user);
            } else if (expiry <= now && expiries.remove(user, expiry)) {
                refresh(user);
            }
        });
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
