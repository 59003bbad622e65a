package dev.ssecluster.replay;

import dev.ssecluster.batch.Batcher;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.StoredEvents;
import dev.ssecluster.event.Target;
import dev.ssecluster.store.PositionStore;
import dev.ssecluster.store.StoreAccess;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

import static dev.ssecluster.batch.Batcher.VIRTUAL_THREADS;

/**
 * Reads for streams that begin, batched: a storm of reconnects is a few large queries, one at a time of each kind. While the
 * database is away it is asked about once a second, and not by every stream. Thread-safe; does not block. Failures are {@link
 * StoreUnavailableException}s.
 */
@Component
final class StoredReads {

    private static final int REQUESTS = 200;

    private final StoredEvents events;
    private final PositionStore positions;
    private final EventClock clock;
    private final StoreAccess access;
    private final ReplayMeters meters;
    private final Batcher<List<EventRange>, List<List<Event>>> reads =
            new Batcher<>(REQUESTS, VIRTUAL_THREADS, this::readAll);
    private final Batcher<List<Target>, Map<Target, PositionStore.Start>> starts =
            new Batcher<>(REQUESTS, VIRTUAL_THREADS, this::startsOfAll);

    StoredReads(StoredEvents events, PositionStore positions, EventClock clock, StoreAccess access, ReplayMeters meters) {
        this.events = events;
        this.positions = positions;
        this.clock = clock;
        this.access = access;
        this.meters = meters;
    }

    /** @throws StoreUnavailableException when it was away a moment ago */
    void checkIsThere() {
        access.checkIsThere();
    }

    /** One list for each range. */
    CompletableFuture<List<List<Event>>> read(List<EventRange> ranges) {
        return ranges.isEmpty() ? CompletableFuture.completedFuture(List.of()) : reads.submit(ranges);
    }

    /** See {@link PositionStore#starts}; owners of other requests may be among the answer. */
    CompletableFuture<Map<Target, PositionStore.Start>> starts(List<Target> owners) {
        return starts.submit(owners);
    }

    private <T> CompletableFuture<T> ask(Supplier<T> lookup) {
        return CompletableFuture.completedFuture(access.ask(lookup));
    }

    private CompletionStage<List<List<List<Event>>>> readAll(List<List<EventRange>> requests) {
        return ask(() -> {
            Map<EventRange, List<Event>> found = new LinkedHashMap<>(); // equal ranges are read once
            requests.forEach(ranges -> ranges.forEach(range -> found.put(range, List.of())));
            List<EventRange> distinct = List.copyOf(found.keySet());
            List<List<Event>> lists = readNow(distinct);
            for (int i = 0; i < distinct.size(); i++) {
                found.put(distinct.get(i), lists.get(i));
            }
            return requests.stream().map(ranges -> ranges.stream().map(found::get).toList()).toList();
        });
    }

    private List<List<Event>> readNow(List<EventRange> ranges) {
        long begun = System.nanoTime();
        List<List<Event>> lists = events.read(ranges);
        meters.readStore(begun, lists.stream().mapToInt(List::size).sum());
        return lists;
    }

    private CompletionStage<List<Map<Target, PositionStore.Start>>> startsOfAll(List<List<Target>> requests) {
        return ask(() -> {
            Collection<Target> owners = new LinkedHashSet<>();
            requests.forEach(owners::addAll);
            Map<Target, PositionStore.Start> found = positions.starts(owners, clock.micros());
            return Collections.nCopies(requests.size(), found);
        });
    }
}
