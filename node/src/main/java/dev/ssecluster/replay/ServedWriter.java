package dev.ssecluster.replay;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.Journal;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.StoredEvents;
import dev.ssecluster.event.Target;
import dev.ssecluster.store.PositionStore;
import dev.ssecluster.stream.Served;
import dev.ssecluster.stream.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Raises owners' positions by what streams have served: soon after a stream ended and about once a minute while it is open, many in
 * one call. While the database is away they wait; when too many do, the oldest are forgotten, which loses nothing: their
 * owners' next streams without a cursor get some messages again.
 */
@Component
final class ServedWriter implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ServedWriter.class);
    private static final int MOST_WAITING = 100_000;
    private static final int BATCH = 500;

    private final Streams streams;
    private final Journal journal;
    private final StoredEvents stored;
    private final PositionStore positions;
    private final PositionProperties properties;
    private final BlockingDeque<Served> queue = new LinkedBlockingDeque<>(MOST_WAITING); // oldest first
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("positions").daemon().factory());
    private boolean inDoubt; // whether the database is there: the last write failed; guarded by this
    private volatile boolean running;

    ServedWriter(Streams streams, Journal journal, StoredEvents stored, PositionStore positions, PositionProperties properties) {
        this.streams = streams;
        this.journal = journal;
        this.stored = stored;
        this.positions = positions;
        this.properties = properties;
        streams.onServed(this::add);
    }

    void add(Served served) {
        while (!queue.offer(served)) {
            queue.poll();
        }
    }

    @Override
    public void start() {
        running = true;
        long delay = properties.delay().toMillis();
        long interval = properties.interval().toMillis();
        var _ = timer.scheduleWithFixedDelay(this::write, delay, delay, TimeUnit.MILLISECONDS);
        var _ = timer.scheduleWithFixedDelay(this::reportServed, interval, interval, TimeUnit.MILLISECONDS);
    }

    /** What the last streams served is still written. */
    @Override
    public void stop() {
        running = false;
        timer.shutdownNow();
        write(true);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stopped after the streams, before the backplane. */
    @Override
    public int getPhase() {
        return 1;
    }

    private void reportServed() {
        try {
            streams.reportServed();
        } catch (RuntimeException | Error e) { // or it would never run again
            log.error("Open streams did not report what they have served", e);
        }
    }

    void write() {
        write(false);
    }

    /** @param isLast whether nothing can wait any longer */
    private synchronized void write(boolean isLast) {
        List<Served> taken = new ArrayList<>();
        try {
            queue.drainTo(taken);
            raise(taken, isLast);
        } catch (StoreUnavailableException | BackplaneUnavailableException e) {
            inDoubt = true;
            log.debug("Positions are not written now", e);
        } catch (RuntimeException | Error e) { // or it would never run again
            log.error("Positions are not written now because of a fault in this node", e);
        } finally {
            putBack(taken);
        }
    }

    /**
     * What is written leaves the list. The journal is read once for all of it, after it was taken and before it is written. What ends
     * beyond an owner's message that is still in the journal waits: that one has no row yet which could be marked as sent.
     */
    private void raise(List<Served> taken, boolean isLast) {
        if (taken.isEmpty()) {
            return;
        }
        ask();
        Map<Target, Long> oldest = Owners.oldest(Wait.until(journal.read(0)));
        Predicate<Served> isReady = served -> isLast || served.owners().stream()
                .allMatch(owner -> served.to().highest() < oldest.getOrDefault(owner, Long.MAX_VALUE));
        Map<Boolean, List<Served>> parted = taken.stream().collect(Collectors.partitioningBy(isReady));
        List<Served> ready = Objects.requireNonNull(parted.get(true));
        List<Served> early = Objects.requireNonNull(parted.get(false));
        taken.clear();
        try {
            boolean goesOn = true;
            while (goesOn && !ready.isEmpty()) {
                goesOn = raiseFirst(ready, oldest);
            }
        } finally {
            taken.addAll(ready);
            taken.addAll(early);
        }
    }

    /** False when a fault ends it; what it was about would fail every time, and is given up. */
    private boolean raiseFirst(List<Served> ready, Map<Target, Long> oldest) {
        List<Served> batch = ready.subList(0, Math.min(BATCH, ready.size()));
        boolean isRaised = true;
        try {
            positions.raise(batch.stream().flatMap(served -> ofOwners(served, oldest)).toList());
        } catch (StoreUnavailableException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            log.error("Positions of {} streams are lost because of a fault in this node", batch.size(), e);
            isRaised = false;
        }
        batch.clear();
        return isRaised;
    }

    /** The journal is long while the database is away, so it is not read in vain. */
    private void ask() {
        if (inDoubt) {
            var _ = stored.highestId();
            inDoubt = false;
        }
    }

    /** In front: an owner's spans follow one another, and a later one raises nothing before the earlier has. */
    private void putBack(List<Served> taken) {
        for (Served served : taken.reversed()) {
            if (!queue.offerFirst(served)) {
                return;
            }
        }
    }

    private static java.util.stream.Stream<PositionStore.Served> ofOwners(Served served, Map<Target, Long> oldest) {
        return served.owners().stream().map(owner -> new PositionStore.Served(
                owner, served.from(), served.to(), oldest.getOrDefault(owner, Long.MAX_VALUE)));
    }
}
