package dev.ssecluster.replay;

import dev.ssecluster.backplane.Answers;
import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.History;
import dev.ssecluster.backplane.Publication;
import dev.ssecluster.backplane.PublishResult;
import dev.ssecluster.backplane.RequestHandler;
import dev.ssecluster.backplane.RequestKind;
import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import dev.ssecluster.replay.Beginning.Extent;
import dev.ssecluster.store.PositionStore;
import dev.ssecluster.store.RetentionProperties;
import dev.ssecluster.store.StoreAccess;
import dev.ssecluster.test.MemoryJournal;
import dev.ssecluster.test.MemoryStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** How streams begin while journal, database or Redis cannot be read. */
class ReplaysTests {

    private static final long FENCE = 1_796_000_000_000_000L;
    private static final Target USER = Target.user("u");

    private static final RetentionProperties RETENTION = new RetentionProperties(Duration.ofDays(7), Duration.ofMinutes(10));

    private final MemoryJournal journal = new MemoryJournal();
    private final MemoryStore rows = new MemoryStore();
    private final Redis redis = new Redis();
    private final Positions positions = new Positions(rows);
    private final StoredReads reads = new StoredReads(rows, positions, () -> FENCE, new StoreAccess(),
            new ReplayMeters(new SimpleMeterRegistry()));
    private final Replays replays = new Replays(redis, redis, journal, reads, new Cursors(rows, () -> FENCE, RETENTION),
            new ReplayMeters(new SimpleMeterRegistry()));

    ReplaysTests() {
        journal.issue(FENCE);
    }

    @Test
    void whenHistoryDoesNotCoverTheCursorThenJournalAndDatabaseDo() {
        store(FENCE - 3);
        journal.append(event(FENCE - 2));
        Beginning beginning = resume(FENCE - 5);
        assertThat(beginning.resumed()).isTrue();
        assertThat(beginning.extent()).isEqualTo(Extent.PERSISTED);
        assertThat(beginning.start()).isEqualTo(Cursor.at(FENCE - 5));
        assertThat(ids(beginning)).containsExactly(FENCE - 3, FENCE - 2);
    }

    @Test
    void whenNothingWasSentSinceTheCursorThenTheStreamStandsAtTheFence() {
        Beginning beginning = resume(FENCE - 5);
        assertThat(beginning.pages().isEmpty()).isTrue();
        assertThat(beginning.start()).isEqualTo(Cursor.at(FENCE));
        assertThat(beginning.servedFrom()).isEqualTo(Cursor.at(FENCE - 5));
        redis.covers = true;
        assertThat(resume(FENCE - 5).start()).isEqualTo(Cursor.at(FENCE));
    }

    @Test
    void whenTheJournalIsTooLongThenTheClientIsToldAsWhenTheDatabaseIsAway() {
        journal.growTooLong();
        isToldThatTheStoreIsAway(resume(FENCE - 5));
        isToldThatTheStoreIsAway(begin(null));
    }

    @Test
    void whenTheDatabaseIsAwayThenTheClientIsToldAndItIsNotAskedForEveryStream() {
        rows.goAway();
        isToldThatTheStoreIsAway(resume(FENCE - 5));
        rows.comeBack();
        assertThat(begin(null).reset()).isNull(); // once may have many reasons
        rows.goAway();
        isToldThatTheStoreIsAway(resume(FENCE - 5));
        isToldThatTheStoreIsAway(resume(FENCE - 5));
        rows.comeBack(); // a moment later
        isToldThatTheStoreIsAway(begin(null));
    }

    @Test
    void whenTheCursorIsUnknownAndTheDatabaseIsAwayThenThatIsToldBecauseTheBacklogIsMissingToo() {
        assertThat(begin("evt_7").reset()).isEqualTo(ResetReason.UNKNOWN_ID);
        assertThat(resume(FENCE + 1).reset()).isEqualTo(ResetReason.UNKNOWN_ID);
        rows.goAway();
        isToldThatTheStoreIsAway(begin("evt_7"));
        isToldThatTheStoreIsAway(resume(FENCE + 1));
    }

    @Test
    void whenHistoryCoversTheCursorThenItDoesNotMatterThatTheDatabaseIsAway() {
        redis.covers = true;
        rows.goAway();
        journal.growTooLong();
        assertThat(resume(FENCE - 5).extent()).isEqualTo(Extent.COMPLETE);
        assertThat(resume(FENCE - 5).reset()).isNull();
    }

    /** A stream that began at the fence with a reset would have given up its cursor for nothing. */
    @Test
    void whenRedisGoesAwayBeforeTheJournalIsReadThenTheStreamIsRefusedAndKeepsItsCursor() {
        journal.goAway();
        assertThatExceptionOfType(BackplaneUnavailableException.class).isThrownBy(() -> resume(FENCE - 5));
        assertThatExceptionOfType(BackplaneUnavailableException.class).isThrownBy(() -> begin(null));
    }

    @Test
    void whenNobodyOwnsTheStreamThenItBeginsNowWhateverIsAway() {
        rows.goAway();
        journal.goAway();
        Beginning beginning = replays.begin(new ReplayRequest(List.of(Target.group("g")), 0, Map.of(), null, true));
        assertThat(beginning.reset()).isNull();
        assertThat(beginning.start()).isEqualTo(Cursor.at(FENCE));
        assertThat(replays.begin(new ReplayRequest(List.of(USER), 1, Map.of(), null, false)).reset()).isNull();
    }

    @Test
    void whenAGroupIsSubscribedThenItsMessagesComeFromThePositionButNotFromBeforeTheSubscription() {
        Target group = Target.group("g");
        positions.starts.put(USER, new PositionStore.Start(Cursor.at(FENCE - 50), true));
        LongStream.of(60, 40, 20).forEach(age -> store(FENCE - age, group));
        journal.append(event(FENCE - 10, group));
        store(FENCE - 30, USER);
        assertThat(ids(subscribed(null, Map.of(group, FENCE - 90)))).containsExactly(FENCE - 40, FENCE - 30, FENCE - 20, FENCE - 10);
        assertThat(ids(subscribed(null, Map.of(group, FENCE - 25)))).containsExactly(FENCE - 30, FENCE - 20, FENCE - 10);
        assertThat(ids(subscribed(null, Map.of()))).containsExactly(FENCE - 30);
    }

    @Test
    void whenItResumesThenASubscribedGroupIsReplayedFromTheSubscriptionOn() {
        Target group = Target.group("g");
        LongStream.of(60, 40, 20).forEach(age -> store(FENCE - age, group));
        String cursor = Long.toString(FENCE - 50);
        assertThat(ids(subscribed(cursor, Map.of(group, FENCE - 90)))).containsExactly(FENCE - 40, FENCE - 20);
        assertThat(ids(subscribed(cursor, Map.of(group, FENCE - 30)))).containsExactly(FENCE - 20);
        redis.covers = true;
        redis.asked.clear();
        assertThat(subscribed(cursor, Map.of(group, FENCE - 30)).resumed()).isTrue();
        assertThat(redis.asked).contains(new EventRange(group, FENCE - 30, 1_000), new EventRange(USER, FENCE - 50, 1_000));
    }

    /** It listened to the group before, and resumes there. */
    @Test
    void whenTheStreamNamesASubscribedGroupItselfThenItResumesAtItsCursor() {
        Target group = Target.group("g");
        LongStream.of(60, 40, 20).forEach(age -> store(FENCE - age, group));
        ReplayRequest request = new ReplayRequest(
                List.of(USER, group, Target.BROADCAST), 1, Map.of(group, FENCE - 30), Long.toString(FENCE - 50), true);
        assertThat(ids(replays.begin(request))).containsExactly(FENCE - 40, FENCE - 20);
    }

    private Beginning subscribed(@Nullable String cursor, Map<Target, Long> since) {
        return replays.begin(new ReplayRequest(List.of(USER, Target.BROADCAST), 1, since, cursor, true));
    }

    private void store(long id, Target target) {
        assertThat(rows.store(List.of(event(id, target)))).hasSize(1);
    }

    private static Event event(long id, Target target) {
        return new Event(id, target, Priority.NORMAL, true, 0, "note", new byte[] {'1'});
    }

    private static void isToldThatTheStoreIsAway(Beginning beginning) {
        assertThat(beginning.reset()).isEqualTo(ResetReason.STORE_UNAVAILABLE);
        assertThat(beginning.resumed()).isFalse();
        assertThat(beginning.extent()).isEqualTo(Extent.NONE);
        assertThat(beginning.start()).isEqualTo(Cursor.at(FENCE));
        assertThat(beginning.servedFrom()).isEqualTo(Cursor.at(FENCE)); // so it hides nothing from the next stream
        assertThat(beginning.pages().isEmpty()).isTrue();
    }

    private Beginning resume(long cursor) {
        return begin(Long.toString(cursor));
    }

    private Beginning begin(@Nullable String cursor) {
        return replays.begin(new ReplayRequest(List.of(USER, Target.BROADCAST), 1, Map.of(), cursor, true));
    }

    private void store(long id) {
        store(id, USER);
    }

    private static Event event(long id) {
        return event(id, USER);
    }

    private static List<Long> ids(Beginning beginning) {
        return beginning.pages().first().events().stream().map(Event::id).toList();
    }

    /** Has an empty history, which proves something or does not. */
    private static final class Redis implements Backplane, History {

        private boolean covers;
        private final List<EventRange> asked = new ArrayList<>();

        @Override
        public CompletableFuture<Reading> read(List<EventRange> ranges) {
            asked.addAll(ranges);
            List<Page> pages = ranges.stream().map(_ -> new Page(covers, List.of(), false, FENCE)).toList();
            return CompletableFuture.completedFuture(new Reading(FENCE, 1, 1, pages));
        }

        @Override
        public CompletableFuture<Long> fence() {
            return CompletableFuture.completedFuture(FENCE);
        }

        @Override
        public CompletableFuture<List<PublishResult>> publish(List<Publication> messages) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> acquire(Collection<Target> targets) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void release(Collection<Target> targets) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Answers> ask(Target target, RequestKind kind, byte[] body, Duration timeout) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void onRequest(RequestKind kind, RequestHandler handler) {}

        @Override
        public void beforeRepair(Supplier<CompletableFuture<Void>> step) {}

        @Override
        public boolean isReady() {
            return true;
        }
    }

    /** Away with the database. */
    private static final class Positions implements PositionStore {

        private final MemoryStore rows;
        private final Map<Target, Start> starts = new HashMap<>();

        Positions(MemoryStore rows) {
            this.rows = rows;
        }

        @Override
        public Map<Target, Start> starts(Collection<Target> owners, long now) {
            assertThat(rows.highestId()).isNotNegative();
            return starts;
        }

        @Override
        public void settle(Target owner, long most) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void raise(Collection<Served> served) {
            throw new UnsupportedOperationException();
        }
    }
}
