package dev.ssecluster.message;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.store.MessageStore;
import dev.ssecluster.store.StoreOutcome;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

/**
 * Calls the database, and remembers whether it takes messages: after a failure it counts as away until a call succeeds. Thread-safe; every
 * call blocks.
 */
@Component
final class StoreCalls {

    private static final Logger log = LoggerFactory.getLogger(StoreCalls.class);

    private final MessageStore store;
    private final MessageMeters meters;
    private boolean away; // guarded by this

    StoreCalls(MessageStore store, MessageMeters meters) {
        this.store = store;
        this.meters = meters;
        meters.observe(() -> !isAway());
    }

    synchronized boolean isAway() {
        return away;
    }

    /** Stores the events, see {@link MessageStore#store}; empty when that did not work, and nothing is known then. */
    Optional<List<StoreOutcome>> store(List<Event> events) {
        meters.batch.record(events.size());
        long start = System.nanoTime();
        try {
            List<StoreOutcome> outcomes = store.store(events);
            worked();
            return Optional.of(outcomes);
        } catch (StoreUnavailableException e) {
            failed(e);
            return Optional.empty();
        } catch (RuntimeException | Error e) { // the journal has the events, and they are tried again
            log.error("Storing {} messages failed because of a fault in this node", events.size(), e);
            return Optional.empty();
        } finally {
            meters.time.record(System.nanoTime() - start, NANOSECONDS);
        }
    }

    /** While the database counts as away: asks it something that costs it nothing. */
    void probe() {
        if (!isAway()) {
            return;
        }
        try {
            var _ = store.highestId();
            worked();
        } catch (StoreUnavailableException e) {
            log.debug("The database is still away", e);
        }
    }

    /**
     * Asks the database when it counts as away, because it may be back, or only refuse to write.
     *
     * @throws StoreUnavailableException when it is away
     */
    void requireThere() {
        if (isAway()) {
            var _ = store.highestId();
        }
    }

    private synchronized void worked() {
        if (away) {
            away = false;
            log.info("The database takes messages again");
        }
    }

    private synchronized void failed(StoreUnavailableException reason) {
        if (!away) {
            away = true;
            log.warn("The database takes no messages: they stay in the journal until it does", reason);
        }
    }
}
