package dev.ssecluster.replay;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.Journal;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.store.PositionStore;
import dev.ssecluster.stream.Served;
import dev.ssecluster.stream.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final PositionStore positions;
    private final PositionProperties properties;
    private final Queue<Served> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("positions").daemon().factory());
    private volatile boolean running;

    ServedWriter(Streams streams, Journal journal, PositionStore positions, PositionProperties properties) {
        this.streams = streams;
        this.journal = journal;
        this.positions = positions;
        this.properties = properties;
        streams.onServed(this::add);
    }

    private void add(Served served) {
        queue.add(served);
        if (waiting.incrementAndGet() > MOST_WAITING) {
            takeOne();
        }
    }

    private void takeOne() {
        if (queue.poll() != null) {
            waiting.decrementAndGet();
        }
    }

    @Override
    public void start() {
        running = true;
        long delay = properties.delay().toMillis();
        long interval = properties.interval().toMillis();
        var _ = timer.scheduleWithFixedDelay(this::write, delay, delay, TimeUnit.MILLISECONDS);
        var _ = timer.scheduleWithFixedDelay(streams::reportServed, interval, interval, TimeUnit.MILLISECONDS);
    }

    /** What the last streams served is still written. */
    @Override
    public void stop() {
        running = false;
        timer.shutdownNow();
        write();
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

    private synchronized void write() {
        boolean more = true;
        while (more && !queue.isEmpty()) {
            more = write(take());
        }
    }

    private List<Served> take() {
        List<Served> batch = new ArrayList<>();
        Served served;
        while (batch.size() < BATCH && (served = queue.poll()) != null) {
            batch.add(served);
            waiting.decrementAndGet();
        }
        return batch;
    }

    private boolean write(List<Served> batch) {
        try {
            Journal.Contents contents = Wait.until(journal.read(0));
            positions.raise(batch.stream().flatMap(served -> ofOwners(served, contents)).toList());
            return true;
        } catch (StoreUnavailableException | BackplaneUnavailableException e) {
            batch.forEach(this::add);
            log.debug("Positions are not written now", e);
        } catch (RuntimeException e) {
            log.error("Positions of {} streams are lost because of a fault in this node", batch.size(), e);
        }
        return false;
    }

    private static java.util.stream.Stream<PositionStore.Served> ofOwners(Served served, Journal.Contents contents) {
        return served.owners().stream().map(owner -> of(owner, served, contents));
    }

    private static PositionStore.Served of(Target owner, Served served, Journal.Contents contents) {
        return new PositionStore.Served(owner, served.from(), served.to(), Owners.oldest(contents, owner));
    }
}
