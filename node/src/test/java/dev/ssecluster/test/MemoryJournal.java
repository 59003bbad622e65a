package dev.ssecluster.test;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.Journal;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.StoreUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A journal in memory, for orderings that a real one cannot be made to show. */
public final class MemoryJournal implements Journal {

    private final NavigableMap<Long, Event> entries = new TreeMap<>();
    private final Map<Long, String> dead = new TreeMap<>();
    private String epoch = "1";
    private long seq;
    private long known; // as a node last saw it that looks every now and then
    private long born;
    private int reads;
    private boolean away;
    private boolean tooLong;
    private String holder = ""; // of the lease; empty: nobody

    /** What publishing a persisted event does. */
    public synchronized void append(Event event) {
        entries.put(event.id(), event);
        seq = Math.max(seq, event.id());
    }

    /** What publishing any event does. */
    public synchronized void issue(long id) {
        seq = Math.max(seq, id);
    }

    public synchronized void goAway() {
        known = settledNow();
        away = true;
    }

    /** As {@link #goAway}, but the node's last look was before this id was issued. */
    public synchronized void goAwayKnowing(long settled) {
        known = settled;
        away = true;
    }

    /** More waits for the database than a node can hold. */
    public synchronized void growTooLong() {
        tooLong = true;
    }

    public synchronized void comeBack() {
        away = false;
    }

    /** Redis is restarted and has lost everything. */
    public synchronized void restartEmpty(String newEpoch) {
        entries.clear();
        restart(newEpoch);
    }

    /** Redis is restarted and has everything. */
    public synchronized void restart(String newEpoch) {
        epoch = newEpoch;
        born = seq;
    }

    /** How often it was read. */
    public synchronized int reads() {
        return reads;
    }

    public synchronized String epoch() {
        return epoch;
    }

    /** Another node stores what is left. */
    public synchronized void leaseElsewhere() {
        holder = "elsewhere";
    }

    /** Nobody has renewed the lease in time. */
    public synchronized void leaseEnds() {
        holder = "";
    }

    /** The same journal, as another node has it. */
    public Journal of(String node) {
        return new Shared(this, node);
    }

    public synchronized List<Long> ids() {
        return List.copyOf(entries.keySet());
    }

    /** Why, by id. */
    public synchronized Map<Long, String> dead() {
        return Map.copyOf(dead);
    }

    public synchronized void clear() {
        entries.clear();
        dead.clear();
        epoch = "1";
        born = 0;
        away = false;
        tooLong = false;
    }

    @Override
    public synchronized CompletableFuture<Contents> read(long after) {
        reads++;
        return tooLong && !away
                ? CompletableFuture.failedFuture(new StoreUnavailableException("too long"))
                : answer(() -> new Contents(List.copyOf(entries.tailMap(after, false).values()), seq));
    }

    @Override
    public CompletableFuture<List<Removal>> remove(Collection<Event> stored) {
        return answer(() -> stored.stream().map(this::remove).toList());
    }

    private synchronized Removal remove(Event event) {
        boolean found = entries.remove(event.id()) != null;
        return new Removal(found, !found && event.id() <= born, epoch);
    }

    @Override
    public CompletableFuture<Void> bury(Event event, String reason) {
        return answer(() -> {
            dead.put(event.id(), reason);
            entries.remove(event.id());
            return event;
        }).thenAccept(_ -> {});
    }

    @Override
    public CompletableFuture<List<Event>> abandoned(Duration age, Duration lease, int limit) {
        return abandoned("this", limit);
    }

    private CompletableFuture<List<Event>> abandoned(String node, int limit) {
        return answer(() -> isLeasedTo(node) ? entries.values().stream().limit(limit).toList() : List.of());
    }

    private synchronized boolean isLeasedTo(String node) {
        holder = holder.isEmpty() ? node : holder;
        return holder.equals(node);
    }

    @Override
    public CompletableFuture<Depth> depth() {
        return answer(() -> new Depth(entries.size(), Duration.ZERO, settledNow()));
    }

    @Override
    public synchronized CompletableFuture<Long> settled() {
        return away && known > 0 ? CompletableFuture.completedFuture(known) : answer(this::settledNow);
    }

    private long settledNow() {
        return entries.isEmpty() ? seq : entries.firstKey() - 1;
    }

    private synchronized <T> CompletableFuture<T> answer(Supplier<T> result) {
        return away
                ? CompletableFuture.failedFuture(new BackplaneUnavailableException("away"))
                : CompletableFuture.completedFuture(result.get());
    }

    private record Shared(MemoryJournal journal, String node) implements Journal {

        @Override
        public CompletableFuture<Contents> read(long after) {
            return journal.read(after);
        }

        @Override
        public CompletableFuture<List<Removal>> remove(Collection<Event> stored) {
            return journal.remove(stored);
        }

        @Override
        public CompletableFuture<Void> bury(Event event, String reason) {
            return journal.bury(event, reason);
        }

        @Override
        public CompletableFuture<List<Event>> abandoned(Duration age, Duration lease, int limit) {
            return journal.abandoned(node, limit);
        }

        @Override
        public CompletableFuture<Depth> depth() {
            return journal.depth();
        }

        @Override
        public CompletableFuture<Long> settled() {
            return journal.settled();
        }
    }
}
