package dev.ssecluster.store;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import dev.ssecluster.store.MessageStore.Unread;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.ssecluster.model.Priority.HIGH;
import static dev.ssecluster.model.Priority.NORMAL;
import static dev.ssecluster.model.Priority.URGENT;
import static dev.ssecluster.store.TestStore.T0;
import static dev.ssecluster.store.TestStore.event;
import static dev.ssecluster.store.TestStore.events;
import static org.assertj.core.api.Assertions.assertThat;

/** Pending, inbox, read and unread. */
class UserMessagesIT {

    private static final TestStore STORE = TestStore.create();
    private static long next = T0;

    private final MessageStore messages = STORE.messages;
    private final String user = UUID.randomUUID().toString();
    private final Target owner = Target.user(user);
    private final long base = next;

    @AfterAll
    static void close() {
        STORE.close();
    }

    @BeforeEach
    void freshIds() {
        next += 100_000;
    }

    @Test
    void whenThereIsACursorThenPendingIsWhatLiesBeyondItsClassPositions() {
        storeOneToNine();
        Cursor cursor = new Cursor(base + 6, base + 4, base + 2, base + 6);
        assertThat(pending(cursor, 9)).containsExactly(5L, 7L, 8L, 9L);
        assertThat(pending(Cursor.at(base), 3)).containsExactly(1L, 2L, 3L);
        assertThat(pending(Cursor.at(base + 9), 9)).isEmpty();
    }

    @Test
    void whenThereIsNoCursorThenPendingIsWhatWasNotDelivered() {
        storeOneToNine();
        STORE.jdbc.update("UPDATE app_sse_message SET status = 1 WHERE id = ?", base + 8);
        assertThat(pending(null, 9)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 9L);
        position(base + 4, base + 2, base + 6);
        assertThat(pending(null, 9)).containsExactly(5L, 7L, 9L);
        assertThat(pending(null, 1)).containsExactly(5L);
    }

    @Test
    void whenAMessageWasStoredAfterItWasServedThenItIsNotPending() {
        position(base + 50, base + 50, base + 50);
        STORE.storeAll(events(base + 49, 3, owner));
        assertThat(pending(null, 9)).containsExactly(51L);
    }

    @Test
    void whenAMessageHasExpiredThenNobodySeesIt() {
        STORE.storeAll(List.of(event(base + 1, owner, NORMAL, base + 10), event(base + 2, owner, NORMAL, base + 20)));
        assertThat(messages.pending(user, null, base + 10, 9)).hasSize(2);
        assertThat(numbers(messages.pending(user, null, base + 11, 9))).containsExactly(2L);
        assertThat(numbers(messages.pending(user, Cursor.at(base), base + 11, 9))).containsExactly(2L);
        assertThat(numbers(messages.inbox(user, null, null, base + 11, 9))).containsExactly(2L);
        assertThat(messages.unread(user, base + 10)).isEqualTo(new Unread(2, base + 10));
        assertThat(messages.unread(user, base + 11)).isEqualTo(new Unread(1, base + 20));
        assertThat(messages.unread(user, base + 21)).isEqualTo(new Unread(0, 0));
    }

    @Test
    void whenTheInboxIsReadThenNewestFirstInPages() {
        storeOneToNine();
        messages.markRead(user, List.of(text(3), text(5)));
        assertThat(inbox(null, null, 4)).containsExactly(9L, 8L, 7L, 6L);
        assertThat(inbox(null, base + 6, 4)).containsExactly(5L, 4L, 3L, 2L);
        assertThat(inbox(2, null, 9)).containsExactly(5L, 3L);
        assertThat(inbox(0, base + 5, 2)).containsExactly(4L, 2L);
        assertThat(inbox(1, null, 9)).isEmpty();
    }

    @Test
    void whenAMessageIsListedThenWithEverythingThatIsStored() {
        Event event = event(base + 1, owner, HIGH, base + 5_000_000, "{\"a\":\"😀\"}");
        STORE.storeAll(List.of(event));
        STORE.insertForeign(base - T0 + 3, "evt_" + user, "user", user, null, "[1]");
        List<StoredMessage> listed = messages.inbox(user, null, null, base, 9);
        assertThat(listed.getFirst()).usingRecursiveComparison().isEqualTo(new StoredMessage(event, text(1), 0, instant(base + 1),
                instant(base + 5_000_000)));
        assertThat(listed.get(1).eventId()).isEqualTo("evt_" + user);
        assertThat(listed.get(1).createdAt()).isEqualTo("2026-11-01T08:00:00Z");
        assertThat(listed.get(1).expiresAt()).isNull();
    }

    @Test
    void whenMessagesAreReadThenOnceAndOnlyTheUsersOwn() {
        Target other = Target.user(user + "2");
        STORE.storeAll(List.of(event(base + 1, owner), event(base + 2, owner), event(base + 3, other), event(base + 4, Target.client(user)),
                event(base + 5, Target.BROADCAST)));
        List<String> all = LongStream.rangeClosed(1, 9).mapToObj(this::text).toList();
        assertThat(messages.markRead(user, all)).isEqualTo(2);
        assertThat(messages.markRead(user, all)).isZero();
        assertThat(messages.markRead(user, List.of())).isZero();
        assertThat(LongStream.rangeClosed(1, 5).mapToInt(i -> STORE.status(base + i))).containsExactly(2, 2, 0, 0, 1);
        assertThat(STORE.cell(base + 1, "updated_at > created_at")).isEqualTo("0"); // by the database's clock, which runs
        assertThat(messages.unread(user + "2", base)).isEqualTo(new Unread(1, 0));
    }

    @Test
    void whenManyMessagesAreReadByTheirIdsThenAll() {
        STORE.storeAll(events(base, 2_500, owner));
        assertThat(messages.markRead(user, LongStream.range(0, 2_500).mapToObj(this::text).toList())).isEqualTo(2_500);
    }

    @Test
    void whenReadUpToACursorThenByItsClassPositions() {
        storeOneToNine();
        assertThat(messages.markReadUpTo(user, new Cursor(base + 6, base + 4, base + 2, base + 7))).isEqualTo(5);
        assertThat(statusTwo()).containsExactly(1L, 2L, 3L, 4L, 6L);
        assertThat(messages.markReadUpTo(user, new Cursor(base + 6, base + 4, base + 2, base + 7))).isZero();
        assertThat(messages.markReadUpTo(user, Cursor.at(base + 9))).isEqualTo(4);
        assertThat(messages.unread(user, base).count()).isZero();
    }

    @Test
    void whenVeryManyMessagesAreReadUpToACursorThenAll() {
        STORE.storeAll(events(base, 12_000, owner));
        assertThat(messages.unread(user, base).count()).isEqualTo(12_000);
        assertThat(messages.markReadUpTo(user, Cursor.at(base + 11_000))).isEqualTo(11_001);
        assertThat(messages.unread(user, base).count()).isEqualTo(999);
    }

    /** Of the numbers 1 to 9, 2, 5 and 8 are high, 3, 6 and 9 urgent. */
    private void storeOneToNine() {
        List<Priority> priorities = List.of(URGENT, NORMAL, HIGH);
        STORE.storeAll(LongStream.rangeClosed(1, 9).mapToObj(i -> event(base + i, owner, priorities.get((int) (i % 3)))).toList());
    }

    private void position(long normal, long high, long urgent) {
        STORE.jdbc.update("INSERT INTO app_sse_position VALUES ('user', ?, ?, ?, ?, NOW())", user, normal, high, urgent);
    }

    private List<Long> pending(@Nullable Cursor after, int limit) {
        return numbers(messages.pending(user, after, base, limit));
    }

    private List<Long> inbox(@Nullable Integer status, @Nullable Long before, int limit) {
        return numbers(messages.inbox(user, status, before, base, limit));
    }

    private List<Long> numbers(List<StoredMessage> some) {
        return some.stream().map(message -> message.event().id() - base).toList();
    }

    private List<Long> statusTwo() {
        List<Long> read = new ArrayList<>(inbox(2, null, 100));
        read.sort(null);
        return read;
    }

    private String text(long number) {
        return Long.toString(base + number);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
    }
}
