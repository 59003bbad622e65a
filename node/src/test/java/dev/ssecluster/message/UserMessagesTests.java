package dev.ssecluster.message;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.store.StoredMessage;
import dev.ssecluster.test.MemoryJournal;
import dev.ssecluster.test.MemoryStore;
import dev.ssecluster.test.MemoryUnreadCache;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Listing and marking while messages are on their way from the journal into the database. */
class UserMessagesTests {

    private static final long NOW = 1_000;

    private final MemoryStore store = new MemoryStore();
    private final MemoryJournal journal = new MemoryJournal();
    private final MemoryUnreadCache cache = new MemoryUnreadCache();
    private final Now now = new Now(() -> NOW);
    private final UnreadCounts counts = new UnreadCounts(cache, store, now);
    private final StoreCalls calls = new StoreCalls(store, new MessageMeters(new SimpleMeterRegistry()));
    private final UserMessages messages = new UserMessages(store, new JournaledMessages(journal, store, calls), counts, now);

    @Test
    void whenAMessageIsStillInTheJournalThenItIsListed() {
        store(event(1), event(3));
        journal.append(event(2));
        journal.append(Events.toUser("U", 4));
        journal.append(Events.of(Target.user("u"), 5, Priority.NORMAL, 900)); // expired
        assertThat(ids(messages.pending("u", null, 10))).containsExactly(1L, 2L, 3L);
        assertThat(ids(messages.pending("u", Cursor.at(1), 10))).containsExactly(2L, 3L);
        assertThat(ids(messages.inbox("u", null, null, 10))).containsExactly(3L, 2L, 1L);
        assertThat(ids(messages.inbox("u", 0, 3L, 10))).containsExactly(2L, 1L);
        assertThat(messages.inbox("u", 2, null, 10).messages()).isEmpty();
    }

    /** It is long then, and there is nothing to answer without the database. */
    @Test
    void whenTheDatabaseIsAwayThenTheJournalIsNotReadForNothing() {
        store.goAway();
        assertThat(calls.store(List.of(event(1)))).isEmpty();
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> messages.inbox("u", null, null, 10));
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> messages.pending("u", null, 10));
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> messages.markReadUpTo("u", Cursor.at(1)));
        assertThat(journal.reads()).isZero();
        store.comeBack();
        assertThat(messages.inbox("u", null, null, 10).messages()).isEmpty();
    }

    /** Who goes on from the last id of this list must not miss the message with the lower one. */
    @Test
    void whenALaterMessageIsCommittedFirstThenItIsNotListedBeforeTheEarlierOne() {
        journal.append(event(1));
        store(event(1));
        store.beforeListing(() -> {
            journal.append(event(2)); // after the journal was read
            journal.append(event(3));
            store(event(3));
        });
        assertThat(ids(messages.pending("u", Cursor.at(0), 10))).containsExactly(1L);
        assertThat(ids(messages.pending("u", Cursor.at(1), 10))).containsExactly(2L, 3L);
    }

    @Test
    void whenAMessageIsCommittedAndRemovedBetweenBothReadsThenItIsListedOnce() {
        journal.append(event(1));
        store.beforeListing(() -> {
            store(event(1));
            assertThat(journal.remove(List.of(event(1))).join()).hasSize(1);
        });
        assertThat(ids(messages.pending("u", null, 10))).containsExactly(1L);
    }

    @Test
    void whenAnEntryOutlivesItsCommitThenTheRowCounts() {
        store(event(1));
        journal.append(event(1));
        assertThat(store.markRead("u", List.of("1"))).isEqualTo(1);
        assertThat(messages.pending("u", null, 10).messages()).isEmpty();
        assertThat(messages.inbox("u", 0, null, 10).messages()).isEmpty();
        assertThat(messages.inbox("u", null, null, 10).messages()).extracting(StoredMessage::status).containsExactly(2);
    }

    @Test
    void whenThereAreMoreThanTheLimitThenItSaysSo() {
        store(event(1), event(3));
        journal.append(event(2));
        assertThat(ids(messages.pending("u", null, 2))).containsExactly(1L, 2L);
        assertThat(messages.pending("u", null, 2).more()).isTrue();
        assertThat(messages.pending("u", null, 3).more()).isFalse();
        assertThat(ids(messages.inbox("u", null, null, 1))).containsExactly(3L);
    }

    @Test
    void whenTheCursorHasClassPositionsThenTheyCountInTheJournalToo() {
        journal.append(Events.of(Target.user("u"), 5, Priority.URGENT, 0));
        journal.append(Events.of(Target.user("u"), 6, Priority.NORMAL, 0));
        assertThat(ids(messages.pending("u", new Cursor(7, 4, 4, 7), 10))).containsExactly(6L);
    }

    @Test
    void whenRedisIsAwayThenTheDatabaseAnswers() {
        store(event(1));
        journal.goAway();
        assertThat(ids(messages.pending("u", null, 10))).containsExactly(1L);
        assertThat(ids(messages.inbox("u", null, null, 10))).containsExactly(1L);
    }

    /** Who goes on from the last id of the list would miss the message that has no row yet. */
    @Test
    void whenTheJournalIsTooLongThenNothingIsListedThatAnEarlierMessageMayFollow() {
        store(event(1));
        journal.append(event(2));
        store(event(3));
        journal.growTooLong();
        assertThat(ids(messages.pending("u", null, 10))).containsExactly(1L);
        assertThat(ids(messages.pending("u", Cursor.at(1), 10))).isEmpty();
        assertThat(ids(messages.inbox("u", null, null, 10))).containsExactly(3L, 1L);
        store(event(2));
        assertThat(journal.remove(List.of(event(2))).join()).hasSize(1);
        assertThat(ids(messages.pending("u", Cursor.at(1), 10))).containsExactly(2L, 3L);
    }

    @Test
    void whenRedisIsAwayThenNothingIsListedBeyondWhatThisNodeKnowsToBeStored() {
        store(event(1));
        journal.append(event(2));
        store(event(3));
        journal.goAwayKnowing(1);
        assertThat(ids(messages.pending("u", null, 10))).containsExactly(1L);
        assertThat(ids(messages.inbox("u", null, null, 10))).containsExactly(3L, 1L);
    }

    @Test
    void whenRedisIsAwayAndThisNodeNeverKnewTheJournalThenItIsRefused() {
        store(event(1));
        journal.goAwayKnowing(0);
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> messages.pending("u", null, 10));
        assertThat(ids(messages.inbox("u", null, null, 10))).containsExactly(1L);
    }

    @Test
    void whenTheJournalIsTooLongThenMarkingIsTheDatabasesAffair() {
        journal.append(event(1));
        journal.growTooLong();
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> messages.markRead("u", List.of("1")));
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> messages.markReadUpTo("u", Cursor.at(1)));
        assertThat(store.ids()).isEmpty();
    }

    @Test
    void whenAMessageInTheJournalIsReadThenItIsStoredFirst() {
        journal.append(event(1));
        journal.append(event(2));
        journal.append(Events.toUser("U", 3));
        assertThat(messages.markRead("u", List.of("1", "3", "99", "evt_9"))).isEqualTo(1);
        assertThat(store.ids()).containsExactly(1L);
        assertThat(journal.ids()).containsExactly(1L, 2L, 3L); // removed by those who wait for it
        assertThat(counts.count("u").count()).isZero();
    }

    @Test
    void whenItIsStoredAgainAfterItWasReadThenItStaysRead() {
        journal.append(event(1));
        assertThat(messages.markRead("u", List.of("1"))).isEqualTo(1);
        store(event(1));
        assertThat(messages.markRead("u", List.of("1"))).isZero();
        assertThat(counts.count("u").count()).isZero();
    }

    @Test
    void whenAllUpToACursorAreReadThenItsClassPositionsCount() {
        store(event(1));
        journal.append(event(2));
        journal.append(Events.of(Target.user("u"), 3, Priority.URGENT, 0));
        journal.append(event(4));
        assertThat(messages.markReadUpTo("u", new Cursor(3, 1, 1, 3))).isEqualTo(2);
        assertThat(store.ids()).containsExactly(1L, 3L);
        assertThat(messages.markReadUpTo("u", Cursor.at(4))).isEqualTo(2);
        assertThat(counts.count("u").count()).isZero();
    }

    @Test
    void whenRedisIsAwayThenNothingIsMarkedAsRead() {
        store(event(1));
        journal.goAway();
        cache.goAway();
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> messages.markRead("u", List.of("1")));
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> messages.markReadUpTo("u", Cursor.at(1)));
        assertThat(store.unread("u", NOW).count()).isEqualTo(1);
    }

    private void store(Event... events) {
        journal.issue(events[events.length - 1].id());
        assertThat(store.store(List.of(events))).hasSize(events.length);
    }

    private static Event event(long id) {
        return Events.toUser("u", id);
    }

    private static List<Long> ids(UserMessages.Page page) {
        return page.messages().stream().map(message -> message.event().id()).toList();
    }
}
