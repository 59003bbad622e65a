package dev.ssecluster.message;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.store.MessageStore;
import dev.ssecluster.store.StoredMessage;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lists the messages to a user and marks them as read. Thread-safe; every call blocks. */
@Component
final class UserMessages {

    private static final Comparator<StoredMessage> BY_ID = Comparator.comparingLong(message -> message.event().id());

    private final MessageStore store;
    private final JournaledMessages journaled;
    private final UnreadCounts unread;
    private final Now now;

    UserMessages(MessageStore store, JournaledMessages journaled, UnreadCounts unread, Now now) {
        this.store = store;
        this.journaled = journaled;
        this.unread = unread;
        this.now = now;
    }

    /**
     * One page.
     *
     * @param more whether there are further ones
     */
    record Page(List<StoredMessage> messages, boolean more) {

        private static Page of(Stream<StoredMessage> messages, int limit) {
            List<StoredMessage> found = messages.limit(limit + 1L).toList();
            return new Page(found.subList(0, Math.min(limit, found.size())), found.size() > limit);
        }
    }

    /**
     * The messages after the cursor, or without one those not delivered yet, oldest first. Nothing with an id up to the last one's comes
     * later, so a client may go on from there.
     *
     * @throws dev.ssecluster.problem.RefusedException when that cannot be known, because Redis has been away since this node started
     */
    Page pending(String user, @Nullable Cursor after, int limit) {
        long time = now.micros();
        var journal = journaled.find(user, after == null ? 0 : after.lowest(),
                event -> isAlive(event, time) && (after == null || event.id() > position(after, event)));
        long fence = journal.fence().isPresent() ? journal.fence().getAsLong() : journaled.settled(); // before the database, too
        Stream<StoredMessage> stored = store.pending(user, after, time, limit + 1).stream()
                .filter(message -> message.event().id() <= fence);
        return Page.of(merge(stored, journal).sorted(BY_ID), limit);
    }

    /** The messages below {@code before}, of that status, newest first. */
    Page inbox(String user, @Nullable Integer status, @Nullable Long before, int limit) {
        long time = now.micros();
        Predicate<Event> matching = event -> isAlive(event, time) && (before == null || event.id() < before);
        var journal = status == null || status == 0
                ? journaled.find(user, 0, matching)
                : JournaledMessages.Found.NOTHING;
        Stream<StoredMessage> stored = store.inbox(user, status, before, time, limit + 1).stream();
        return Page.of(merge(stored, journal).sorted(BY_ID.reversed()), limit);
    }

    /** What was stored between both reads is in both; its row counts. */
    private static Stream<StoredMessage> merge(Stream<StoredMessage> stored, JournaledMessages.Found journal) {
        List<StoredMessage> rows = stored.toList();
        if (journal.messages().isEmpty()) {
            return rows.stream();
        }
        Set<String> ids = new HashSet<>();
        return Stream.concat(rows.stream(), journal.messages().stream()).filter(message -> ids.add(message.eventId()));
    }

    private static boolean isAlive(Event event, long time) {
        return event.expiresAt() == 0 || event.expiresAt() > time;
    }

    /** Marks those of the user's messages as read that have one of these event ids; answers how many were not. */
    int markRead(String user, Collection<String> eventIds) {
        storeFirst(user, eventIds);
        return unread.change(user, () -> store.markRead(user, eventIds));
    }

    /** Marks the user's messages as read up to the cursor; answers how many were not. */
    int markReadUpTo(String user, Cursor upTo) {
        journaled.store(user, 0, event -> event.id() <= position(upTo, event));
        return unread.change(user, () -> store.markReadUpTo(user, upTo));
    }

    private void storeFirst(String user, Collection<String> eventIds) {
        Set<String> missing = new HashSet<>(eventIds);
        missing.removeAll(store.existing(eventIds));
        Optional<Long> lowest = missing.stream().flatMap(id -> Cursor.parse(id).stream()).map(Cursor::id).min(Long::compare);
        lowest.ifPresent(id -> journaled.store(user, id - 1, event -> missing.contains(Long.toString(event.id()))));
    }

    private static long position(Cursor cursor, Event event) {
        return switch (event.priority()) {
            case NORMAL -> cursor.normal();
            case HIGH -> cursor.high();
            case URGENT -> cursor.urgent();
        };
    }
}
