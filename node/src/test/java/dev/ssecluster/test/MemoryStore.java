package dev.ssecluster.test;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.store.MessageStore;
import dev.ssecluster.store.StoreOutcome;
import dev.ssecluster.store.StoredMessage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The table of messages in memory, for orderings that a real one cannot be made to show. Nobody has a position. */
public final class MemoryStore implements MessageStore {

    private final NavigableMap<Long, StoredMessage> rows = new TreeMap<>();
    private final List<Integer> batches = new ArrayList<>();
    private final Set<Long> refused = new HashSet<>();
    private @Nullable Throwable failure; // a RuntimeException or an Error
    private boolean paused;
    private Runnable beforeListing = () -> {};

    /** What a call to {@link #store} waits for. */
    public synchronized void pause() {
        paused = true;
    }

    public synchronized void resume() {
        paused = false;
        notifyAll();
    }

    public synchronized void goAway() {
        fail(new StoreUnavailableException("away", new IllegalStateException()));
    }

    public synchronized void fail(RuntimeException reason) {
        failure = reason;
    }

    public synchronized void fail(Error reason) {
        failure = reason;
    }

    public synchronized void comeBack() {
        failure = null;
    }

    public synchronized void refuse(long id) {
        refused.add(id);
    }

    /** Runs once, when a list of messages is asked for. */
    public synchronized void beforeListing(Runnable action) {
        beforeListing = action;
    }

    /** Rows of each call of {@link #store} that began. */
    public synchronized List<Integer> batches() {
        return List.copyOf(batches);
    }

    public synchronized List<Long> ids() {
        return List.copyOf(rows.keySet());
    }

    public synchronized void put(StoredMessage row) {
        rows.put(row.event().id(), row);
    }

    public synchronized void clear() {
        rows.clear();
        batches.clear();
        refused.clear();
        failure = null;
    }

    @Override
    public synchronized List<StoreOutcome> store(List<Event> events) {
        batches.add(events.size());
        awaitResume();
        check();
        return events.stream().map(this::store).toList();
    }

    private StoreOutcome store(Event event) {
        if (refused.contains(event.id())) {
            return StoreOutcome.REFUSED;
        }
        StoredMessage row = rows.computeIfAbsent(event.id(), id -> new StoredMessage(
                event, Long.toString(id), 0, instant(id), event.expiresAt() == 0 ? null : instant(event.expiresAt())));
        return Arrays.equals(row.event().data(), event.data()) ? StoreOutcome.STORED : StoreOutcome.CONFLICT;
    }

    private synchronized void awaitResume() {
        try {
            while (paused) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void check() {
        switch (failure) {
            case RuntimeException reason -> throw reason;
            case Error reason -> throw reason;
            case null, default -> {}
        }
    }

    @Override
    public List<StoredMessage> pending(String user, @Nullable Cursor after, long now, int limit) {
        return list(user, now, row -> after == null ? row.status() == 0 : row.event().id() > after.id(), false, limit);
    }

    @Override
    public List<StoredMessage> inbox(String user, @Nullable Integer status, @Nullable Long before, long now, int limit) {
        return list(user, now, row -> (status == null || row.status() == status)
                && (before == null || row.event().id() < before), true, limit);
    }

    private List<StoredMessage> list(String user, long now, Predicate<StoredMessage> matching, boolean descending, int limit) {
        Runnable action = beforeListing;
        beforeListing = () -> {};
        action.run();
        Comparator<StoredMessage> byId = Comparator.comparingLong(row -> row.event().id());
        return alive(user, now).filter(matching).sorted(descending ? byId.reversed() : byId).limit(limit).toList();
    }

    private synchronized Stream<StoredMessage> alive(String user, long now) {
        check();
        return List.copyOf(rows.values()).stream()
                .filter(row -> row.event().target().equals(Target.user(user)))
                .filter(row -> row.event().expiresAt() == 0 || row.event().expiresAt() > now);
    }

    @Override
    public synchronized int markRead(String user, Collection<String> eventIds) {
        return mark(user, row -> eventIds.contains(row.eventId()));
    }

    @Override
    public synchronized int markReadUpTo(String user, Cursor upTo) {
        return mark(user, row -> row.event().id() <= switch (row.event().priority()) {
            case NORMAL -> upTo.normal();
            case HIGH -> upTo.high();
            case URGENT -> upTo.urgent();
        });
    }

    private int mark(String user, Predicate<StoredMessage> matching) {
        List<StoredMessage> marked = alive(user, 0).filter(row -> row.status() < 2).filter(matching).toList();
        marked.forEach(row -> put(new StoredMessage(row.event(), row.eventId(), 2, row.createdAt(), row.expiresAt())));
        return marked.size();
    }

    @Override
    public Unread unread(String user, long now) {
        List<StoredMessage> unread = alive(user, now).filter(row -> row.status() < 2).toList();
        long nextExpiry = unread.stream().mapToLong(row -> row.event().expiresAt()).filter(at -> at > 0).min().orElse(0);
        return new Unread(unread.size(), nextExpiry);
    }

    @Override
    public synchronized Collection<String> existing(Collection<String> eventIds) {
        check();
        return rows.values().stream().map(StoredMessage::eventId).filter(eventIds::contains).toList();
    }

    @Override
    public synchronized List<List<Event>> read(List<EventRange> ranges) {
        check();
        return ranges.stream().map(this::read).toList();
    }

    private List<Event> read(EventRange range) {
        return rows.tailMap(range.after(), false).values().stream()
                .map(StoredMessage::event)
                .filter(event -> event.target().equals(range.target()))
                .limit(range.limit())
                .toList();
    }

    @Override
    public List<Event> read(long after, long upTo, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized long highestId() {
        check();
        return rows.isEmpty() ? 0 : rows.lastKey();
    }

    @Override
    public synchronized long idOf(String eventId) {
        check();
        return rows.values().stream().filter(row -> row.eventId().equals(eventId)).mapToLong(row -> row.event().id())
                .findFirst().orElse(0);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
