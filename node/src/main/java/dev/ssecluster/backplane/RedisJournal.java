package dev.ssecluster.backplane;

import dev.ssecluster.batch.Batcher;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.StoreUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import static dev.ssecluster.batch.Batcher.VIRTUAL_THREADS;

/**
 * The journal as a Redis stream, entry {@code <id>-0}. It is read in pages, so that Redis is never blocked for long. An entry
 * that goes while a read is between two pages is in the database by then, so who reads that afterwards misses nothing.
 */
final class RedisJournal implements Journal {

    private static final int PAGE = 1_000;
    private static final int MOST_READERS = 10_000;

    /** Entries removed in one call. */
    private static final int MOST_REMOVED = 250;

    private final Batcher<Long, Optional<Contents>> reads = new Batcher<>(MOST_READERS, VIRTUAL_THREADS, this::readOnce);
    /** Apart, because a whole journal may take long, and those who need its end do not wait for that. */
    private final Batcher<Long, Optional<Contents>> wholeReads = new Batcher<>(MOST_READERS, VIRTUAL_THREADS, this::readOnce);

    private final JournalLooks looks = new JournalLooks();
    private final BackplaneMeters meters;
    private final AtomicLong settled = new AtomicLong();
    private final JournalReadScript readScript;
    private final JournalLatestScript latestScript;
    private final JournalRemoveScript removeScript;
    private final JournalBuryScript buryScript;
    private final JournalLeaseScript leaseScript;
    private final JournalDepthScript depthScript;

    RedisJournal(Scripts scripts, NodeId node, BackplaneMeters meters) {
        this.meters = meters;
        this.readScript = new JournalReadScript(scripts, meters);
        this.latestScript = new JournalLatestScript(scripts, meters);
        this.removeScript = new JournalRemoveScript(scripts);
        this.buryScript = new JournalBuryScript(scripts);
        this.leaseScript = new JournalLeaseScript(scripts, node);
        this.depthScript = new JournalDepthScript(scripts);
    }

    @Override
    public CompletableFuture<Contents> read(long after) {
        return (after == 0 ? wholeReads : reads).submit(after)
                .thenApply(contents -> contents.orElseThrow(RedisJournal::tooLong));
    }

    private static StoreUnavailableException tooLong() {
        return new StoreUnavailableException("The journal holds too much to be read: the database has been away for long");
    }

    @Override
    public CompletableFuture<List<Removal>> remove(Collection<Event> stored) {
        List<Event> events = List.copyOf(stored);
        List<CompletableFuture<List<Removal>>> calls = IntStream
                .iterate(0, from -> from < events.size(), from -> from + MOST_REMOVED)
                .mapToObj(from -> removeScript.run(events.subList(from, Math.min(from + MOST_REMOVED, events.size()))))
                .toList();
        return CompletableFuture.allOf(calls.toArray(CompletableFuture<?>[]::new))
                .thenApply(_ -> calls.stream().flatMap(call -> call.join().stream()).toList());
    }

    /** If the node dies in between, the entry is buried twice, rather than not at all. */
    @Override
    public CompletableFuture<Void> bury(Event event, String reason) {
        return buryScript.run(event, reason).thenCompose(_ -> removeScript.run(List.of(event))).thenAccept(_ -> {});
    }

    @Override
    public CompletableFuture<List<Event>> abandoned(Duration age, Duration lease, int limit) {
        long old = looks.seqBefore(System.nanoTime(), age);
        return leaseScript.run(lease).thenCompose(answer -> {
            looks.add(System.nanoTime(), answer.seq());
            boolean isAsked = answer.isHeld() && old > 0;
            return isAsked ? readOld(0, old, limit) : CompletableFuture.completedFuture(List.of());
        });
    }

    /** A look, too: a node that may not ask for the lease knows what is old as soon as it may. */
    @Override
    public CompletableFuture<Depth> depth() {
        return depthScript.run().thenApply(measured -> {
            looks.add(System.nanoTime(), measured.seq());
            settled.accumulateAndGet(measured.depth().settled(), Math::max);
            return measured.depth();
        });
    }

    @Override
    public CompletableFuture<Long> settled() {
        return depth().thenApply(_ -> settled.get()).exceptionallyCompose(failure -> settled.get() == 0
                ? CompletableFuture.failedFuture(LuaScript.cause(failure))
                : CompletableFuture.completedFuture(settled.get()));
    }

    /** A page of nothing but entries that this node cannot read must not hide those behind it. */
    private CompletableFuture<List<Event>> readOld(long after, long old, int limit) {
        return readScript.run(after, Math.min(limit, PAGE)).thenCompose(page -> {
            List<Event> events = page.events().stream().filter(event -> event.id() <= old).toList();
            boolean isDone = !events.isEmpty() || page.next() == 0 || page.next() >= old;
            return isDone ? CompletableFuture.completedFuture(events) : readOld(page.next(), old, limit);
        });
    }

    private CompletionStage<List<Optional<Contents>>> readOnce(List<Long> afters) {
        long begun = System.nanoTime();
        JournalReading reading = new JournalReading();
        return readOn(reading, Collections.min(afters), 0).thenApply(_ -> {
            meters.readJournal(begun, reading.size());
            return afters.stream().map(reading::above).toList();
        });
    }

    private CompletableFuture<Void> readOn(JournalReading reading, long after, long before) {
        return latestScript.run(after, before, PAGE).thenCompose(page -> reading.isEndedBy(page)
                ? CompletableFuture.<Void>completedFuture(null)
                : readOn(reading, after, page.next()));
    }
}
