package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Handover.Gap;
import dev.ssecluster.backplane.Handover.Inbound;
import dev.ssecluster.backplane.History.Page;
import dev.ssecluster.backplane.History.Reading;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Fills one hole: what was sent to this node's targets above L, up to a fence.
 *
 * <p>A page of each target's history is read. Up to the end of the page that ends first everything is known then, and handed over
 * in the order of the ids; the targets that have more are read on from where their page ended. When the connection dies meanwhile,
 * its successor's repair begins where this one got to.
 *
 * <p>Where history does not cover the hole, the persisted events come from the journal and the database, and the sink is told of
 * the gap, because unpersisted ones may be missing. All of it happens on the loop's thread.
 */
final class Repair {

    private static final int PAGE = 500;

    private final RedisHistory history;
    private final PersistedEvents persisted;
    private final Handover handover;
    private final Inbound inbound;
    private final Executor loop;
    private final long fence;

    private final Map<Target, Long> unread = new HashMap<>(); // what is read next of each target is above this id
    private final Set<Target> lost = new HashSet<>();
    private final NavigableMap<Long, Event> found = new TreeMap<>();
    private long reached;

    Repair(
            RedisHistory history,
            PersistedEvents persisted,
            Handover handover,
            Inbound inbound,
            Executor loop,
            Collection<Target> targets,
            long fence) {
        this.history = history;
        this.persisted = persisted;
        this.handover = handover;
        this.inbound = inbound;
        this.loop = loop;
        this.fence = fence;
        this.reached = handover.last();
        targets.forEach(target -> unread.put(target, reached));
    }

    /** Completes with whether there is a gap; fails when Redis is away, or that connection is. */
    CompletableFuture<Boolean> run() {
        List<EventRange> ranges = unread.entrySet().stream()
                .map(each -> new EventRange(each.getKey(), each.getValue(), PAGE))
                .toList();
        return history.readPatiently(ranges)
                .thenComposeAsync(reading -> lookElsewhere(add(ranges, reading)), loop)
                .thenComposeAsync(_ -> unread.isEmpty() ? CompletableFuture.completedFuture(!lost.isEmpty()) : run(), loop);
    }

    /** Answers the targets of which history does not prove that it has everything, those that were not known yet. */
    private Set<Target> add(List<EventRange> ranges, Reading reading) {
        Set<Target> uncovered = new HashSet<>();
        Iterator<Page> pages = reading.pages().iterator();
        for (EventRange range : ranges) {
            Page page = pages.next().until(fence);
            page.events().forEach(event -> found.put(event.id(), event));
            if (page.more()) {
                unread.put(range.target(), page.upTo());
            } else {
                unread.remove(range.target());
            }
            if (!page.covered() && lost.add(range.target())) {
                uncovered.add(range.target());
            }
        }
        return uncovered;
    }

    private CompletableFuture<?> lookElsewhere(Set<Target> uncovered) {
        if (uncovered.isEmpty()) {
            handOver(List.of());
            return CompletableFuture.completedFuture(true);
        }
        return persisted.read(reached, fence, uncovered).thenAcceptAsync(rows -> {
            rows.events().forEach(event -> found.putIfAbsent(event.id(), event));
            handOver(List.of(rows.isWhole()
                    ? new Gap(ResetReason.HISTORY_LOST, 0, uncovered)
                    : new Gap(ResetReason.STORE_UNAVAILABLE, fence, uncovered)));
        }, loop);
    }

    /** As far as every target is known. */
    private void handOver(List<Gap> gaps) {
        long known = unread.values().stream().mapToLong(Long::longValue).min().orElse(fence);
        NavigableMap<Long, Event> ready = found.headMap(known, true);
        if (!handover.fill(inbound, new ArrayList<>(ready.values()), known, gaps)) {
            throw new BackplaneUnavailableException("The connection was lost again");
        }
        ready.clear();
        reached = known;
    }
}
