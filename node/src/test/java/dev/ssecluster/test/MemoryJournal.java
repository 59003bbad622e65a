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
    private boolean away;
    private boolean tooLong;
    private boolean leased = true;

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
        epoch = newEpoch;
    }

    /** Redis is restarted and has everything. */
    public synchronized void restart(String newEpoch) {
        epoch = newEpoch;
    }

    /** Another node stores what is left. */
    public synchronized void leaseElsewhere() {
        leased = false;
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
        away = false;
        tooLong = false;
    }

    @Override
    public synchronized CompletableFuture<Contents> read(long after) {
        return tooLong && !away
                ? CompletableFuture.failedFuture(new StoreUnavailableException("too long"))
                : answer(() -> new Contents(List.copyOf(entries.tailMap(after, false).values()), seq));
    }

    @Override
    public CompletableFuture<List<Removal>> remove(Collection<Event> stored) {
        return answer(() -> stored.stream().map(event -> new Removal(entries.remove(event.id()) != null, epoch)).toList());
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
        return answer(() -> leased ? entries.values().stream().limit(limit).toList() : List.of());
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
}
