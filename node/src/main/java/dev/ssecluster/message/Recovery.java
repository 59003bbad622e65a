package dev.ssecluster.message;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.Journal;
import dev.ssecluster.event.Event;
import dev.ssecluster.store.StoreOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

/**
 * Stores what stays in the journal, because its node died or the database was away. One node at a time does it, under a lease; if
 * two do, nothing changes, because an event's id is its primary key. Looks every two seconds, and goes on without a pause while it
 * finds something. On a thread of its own.
 */
@Component
final class Recovery implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Longer than a send waits, so that its own node has given up or stored it. */
    private static final Duration AGE = Duration.ofSeconds(5);

    /** Survives one slow call to the database. */
    private static final Duration LEASE = Duration.ofSeconds(10);

    private static final int MOST_EVENTS = MessageWriter.MOST_ROWS;

    private final Journal journal;
    private final StoreCalls store;
    private final DeadLetters deadLetters;
    private final MessageMeters meters;
    private volatile boolean stopping;
    private volatile @Nullable ScheduledExecutorService thread;

    Recovery(Journal journal, StoreCalls store, DeadLetters deadLetters, MessageMeters meters) {
        this.journal = journal;
        this.store = store;
        this.deadLetters = deadLetters;
        this.meters = meters;
    }

    /** One round: until nothing old is left, the database fails, or another node has the lease. */
    void run() {
        try {
            store.probe();
            recoverAll();
        } catch (CompletionException e) {
            retryNextTime(e);
        } catch (RuntimeException | Error e) { // or it would never run again
            log.error("Storing what is left in the journal failed; it is tried again", e);
        }
    }

    /** While this node's database is away, others may well reach theirs: the lease is not asked for, and runs out if it is ours. */
    private void recoverAll() {
        boolean mayHaveMore = true;
        while (mayHaveMore && !stopping) {
            mayHaveMore = !store.isAway() && recover();
            meters.saw(journal.depth().join());
        }
    }

    private boolean recover() {
        List<Event> events = journal.abandoned(AGE, LEASE, MOST_EVENTS).join();
        return !events.isEmpty() && store(events) && events.size() == MOST_EVENTS;
    }

    private boolean store(List<Event> events) {
        Optional<List<StoreOutcome>> outcomes = store.store(events);
        outcomes.ifPresent(known -> settle(events, known));
        return outcomes.isPresent();
    }

    private void settle(List<Event> events, List<StoreOutcome> outcomes) {
        List<Event> stored = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            if (outcomes.get(i) == StoreOutcome.STORED) {
                stored.add(events.get(i));
            } else {
                deadLetters.bury(events.get(i), outcomes.get(i)).join();
            }
        }
        if (!stored.isEmpty()) {
            List<Journal.Removal> removals = journal.remove(stored).join();
            removals.stream().filter(Journal.Removal::found).forEach(_ -> meters.recovered.increment());
        }
    }

    private static void retryNextTime(CompletionException failure) {
        if (failure.getCause() instanceof BackplaneUnavailableException) {
            log.debug("Redis is away, and the journal with it");
        } else {
            log.error("Storing what is left in the journal failed; it is tried again", failure);
        }
    }

    @Override
    public void start() {
        stopping = false;
        var started = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("recovery").factory());
        var _ = started.scheduleWithFixedDelay(this::run, 0, PAUSE.toMillis(), MILLISECONDS);
        thread = started;
    }

    /** Lets a call that is under way end, for a little; what it leaves is another node's. */
    @Override
    public void stop() {
        ScheduledExecutorService started = thread;
        if (started != null) {
            stopping = true;
            started.shutdown();
            thread = null;
            awaitEnd(started);
        }
    }

    private static void awaitEnd(ScheduledExecutorService ending) {
        try {
            var _ = ending.awaitTermination(2, SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Stops before the backplane does. */
    @Override
    public int getPhase() {
        return 1;
    }
}
