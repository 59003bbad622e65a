package dev.ssecluster.store;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import dev.ssecluster.store.PositionStore.Served;
import dev.ssecluster.store.PositionStore.Start;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.ssecluster.store.TestStore.T0;
import static dev.ssecluster.store.TestStore.event;
import static dev.ssecluster.store.TestStore.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PositionStoreIT {

    private static final TestStore STORE = TestStore.create();
    private static final long NONE = Long.MAX_VALUE; // nothing is in the journal
    private static long next = T0;

    private final PositionStore positions = STORE.positions;
    private final Target owner = Target.user(UUID.randomUUID().toString());
    private final long base = next;

    @AfterAll
    static void close() {
        STORE.close();
    }

    @BeforeEach
    void freshIds() {
        next += 10_000;
        STORE.setTime(base);
    }

    @Test
    void whenAnOwnerHasNeitherPositionNorPendingMessageThenItHasNoStart() {
        STORE.storeAll(List.of(event(base + 1, owner, Priority.NORMAL, base + 5)));
        STORE.messages.markRead(owner.name(), List.of(Long.toString(base + 1)));
        assertThat(positions.starts(List.of(owner, Target.client("nobody")), base)).isEmpty();
        assertThat(positions.starts(List.of(), base)).isEmpty();
    }

    @Test
    void whenAnOwnerHasNoPositionThenItStartsBeforeItsOldestPendingMessageThatLives() {
        STORE.storeAll(List.of(event(base + 1, owner, Priority.NORMAL, base + 5), event(base + 3, owner), event(base + 4, owner)));
        assertThat(start()).isEqualTo(Cursor.at(base));
        assertThat(positions.starts(List.of(owner), base + 6)).containsEntry(owner, pending(base + 3));
    }

    @Test
    void whenManyOwnersStartThenEachAtItsOwn() {
        List<Target> owners = IntStream.range(0, 350).mapToObj(i -> i % 2 == 0 ? Target.user(name(i)) : Target.client(name(i))).toList();
        STORE.storeAll(IntStream.range(0, 350).mapToObj(i -> event(base + i, owners.get(i))).toList());
        positions.raise(owners.subList(0, 100).stream().map(each -> served(each, base - 1, base + 1_000)).toList());
        Map<Target, Start> starts = positions.starts(owners, base);
        assertThat(IntStream.range(0, 350)).allMatch(i ->
                (i < 100 ? position(base + 1_000) : pending(base + i)).equals(starts.get(owners.get(i))));
    }

    @Test
    void whenAStreamServedFromThePositionThenItIsRaisedAndItsMessagesAreSent() {
        STORE.storeAll(events(base + 1, 6, owner));
        raise(base, base + 3);
        assertThat(start()).isEqualTo(Cursor.at(base + 3));
        assertThat(statuses(6)).containsExactly(1, 1, 1, 0, 0, 0);
        raise(base + 3, base + 5);
        assertThat(start()).isEqualTo(Cursor.at(base + 5));
        assertThat(statuses(6)).containsExactly(1, 1, 1, 1, 1, 0);
    }

    @Test
    void whenAStreamBeganBeyondThePositionThenItIsNotRaisedAndWhatNobodyWroteStaysPending() {
        STORE.storeAll(events(base + 1, 6, owner));
        raise(base, base + 2);
        raise(base + 4, base + 6); // a tab with backlog=none
        assertThat(start()).isEqualTo(Cursor.at(base + 2));
        assertThat(statuses(6)).containsExactly(1, 1, 0, 0, 1, 1);
        raise(base + 2, base + 6);
        assertThat(start()).isEqualTo(Cursor.at(base + 6));
        assertThat(statuses(6)).containsOnly(1);
    }

    @Test
    void whenThereIsNoPositionThenAPendingMessageKeepsItBack() {
        STORE.storeAll(events(base + 1, 3, owner));
        raise(base + 2, base + 3);
        assertThat(start()).isEqualTo(Cursor.at(base));
        assertThat(statuses(3)).containsExactly(0, 0, 1);
    }

    @Test
    void whenThePendingMessageHasExpiredThenItKeepsNothingBack() {
        STORE.storeAll(List.of(event(base + 1, owner, Priority.NORMAL, base + 5)));
        STORE.setTime(base + 6);
        raise(base + 2, base + 9);
        assertThat(start()).isEqualTo(Cursor.at(base + 9));
    }

    @Test
    void whenAMessageIsOnlyInTheJournalThenItKeepsAMissingPositionBack() {
        positions.raise(List.of(new Served(owner, Cursor.at(base + 4), Cursor.at(base + 6), base + 3)));
        assertThat(start()).isEqualTo(Cursor.at(base + 2));
    }

    @Test
    void whenNothingIsPendingThenTheFirstStreamSetsThePosition() {
        raise(base + 7, base + 9);
        assertThat(start()).isEqualTo(Cursor.at(base + 9));
    }

    @Test
    void whenRaisedToLessThenNothingChanges() {
        raise(base, base + 9);
        raise(base, base + 5);
        assertThat(start()).isEqualTo(Cursor.at(base + 9));
    }

    @Test
    void whenClassesDifferThenEachHasItsOwnPosition() {
        STORE.storeAll(List.of(event(base + 1, owner), event(base + 2, owner, Priority.HIGH), event(base + 3, owner, Priority.URGENT),
                event(base + 4, owner), event(base + 5, owner, Priority.HIGH), event(base + 6, owner, Priority.URGENT)));
        Cursor to = new Cursor(base + 6, base, base + 2, base + 6);
        positions.raise(List.of(new Served(owner, Cursor.at(base), to, NONE)));
        assertThat(start()).isEqualTo(to);
        assertThat(statuses(6)).containsExactly(0, 1, 1, 0, 0, 1);
        positions.raise(List.of(new Served(owner, new Cursor(base + 4, base, base + 4, base + 4), Cursor.at(base + 7), NONE)));
        assertThat(start()).isEqualTo(new Cursor(base + 7, base + 7, base + 2, base + 7));
    }

    @Test
    void whenOneStreamsPartBeginsWhereAnothersEndsThenBothRaise() {
        positions.raise(List.of(served(owner, base + 5, base + 9), served(owner, base, base + 5), served(owner, base + 10, base + 12)));
        assertThat(start()).isEqualTo(Cursor.at(base + 9));
    }

    @Test
    void whenUserAndClientHaveOneNameThenTheyAreTwo() {
        Target client = Target.client(owner.name());
        STORE.storeAll(List.of(event(base + 1, owner), event(base + 2, client)));
        positions.raise(List.of(served(client, base + 1, base + 2)));
        assertThat(positions.starts(List.of(owner, client), base)).isEqualTo(Map.of(owner, pending(base + 1), client, position(base + 2)));
        assertThat(statuses(2)).containsExactly(0, 1);
    }

    @Test
    void whenAMessageWasReadThenItStaysRead() {
        STORE.storeAll(events(base + 1, 2, owner));
        STORE.messages.markRead(owner.name(), List.of(Long.toString(base + 1)));
        raise(base, base + 2);
        assertThat(statuses(2)).containsExactly(2, 1);
    }

    @Test
    void whenAStreamServedALongBacklogThenAllOfItIsSent() {
        STORE.storeAll(events(base + 1, 3_000, owner));
        raise(base, base + 2_900);
        assertThat(STORE.number("SELECT COUNT(*) FROM app_sse_message WHERE status = 1 AND receiver_id = '" + owner.name() + "'"))
                .isEqualTo(2_900);
    }

    /** Longer than any one transaction may take. */
    @Test
    void whenAStreamServedAVeryLongBacklogThenAllOfItIsSent() {
        int count = 256_000;
        next += count;
        STORE.storeAll(events(base + 1, 1_000, owner));
        for (int rows = 1_000, copied; rows < count; rows += copied) {
            copied = Math.min(rows, 16_000); // in one statement, which has a time limit
            STORE.jdbc.update("INSERT INTO app_sse_message (id, event_id, event_type, receiver_type, receiver_id, priority, data, status,"
                    + " created_at, updated_at) SELECT id + ?, CAST(id + ? AS CHAR), event_type, receiver_type, receiver_id, priority,"
                    + " data, status, created_at, updated_at FROM app_sse_message WHERE receiver_id = ? AND id <= ?",
                    rows, rows, owner.name(), base + copied);
        }
        raise(base, base + count - 1);
        assertThat(STORE.number("SELECT COUNT(*) FROM app_sse_message WHERE status = 1 AND receiver_id = '" + owner.name() + "'"))
                .isEqualTo(count - 1);
        assertThat(STORE.status(base + count)).isZero();
        assertThat(start()).isEqualTo(Cursor.at(base + count - 1));
    }

    /** As if the node died there: what was served comes again, and nothing is passed over. */
    @Test
    void whenMessagesAreMarkedAndThePositionIsNotRaisedYetThenTheNextStreamStartsBeforeThem() throws Exception {
        STORE.storeAll(events(base + 1, 4, owner));
        raise(base, base + 1);
        try (Connection other = STORE.source().getConnection(); ExecutorService node = Executors.newSingleThreadExecutor()) {
            other.setAutoCommit(false);
            try (PreparedStatement lock = other.prepareStatement("SELECT * FROM app_sse_position WHERE owner_id = ? FOR UPDATE")) {
                lock.setString(1, owner.name());
                lock.executeQuery();
            }
            Future<?> raised = node.submit(() -> raise(base + 1, base + 3));
            await().untilAsserted(() -> assertThat(statuses(4)).containsExactly(1, 1, 1, 0));
            assertThat(start()).isEqualTo(Cursor.at(base + 1));
            other.rollback();
            raised.get();
            other.setAutoCommit(true);
        }
        assertThat(start()).isEqualTo(Cursor.at(base + 3));
    }

    /** Streams of three nodes, in any order: what lies at or below a position was served by one of them. */
    @Test
    void whenNodesRaiseAtOnceThenNoPositionPassesWhatWasNotServed() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Target> owners = IntStream.range(0, 20).mapToObj(i -> Target.user(name(i))).toList();
        STORE.storeAll(IntStream.range(0, 2_000).mapToObj(i -> event(base + 1 + i, owners.get(i % 20))).toList());
        List<Served> all = new ArrayList<>();
        try (ExecutorService nodes = Executors.newFixedThreadPool(3)) {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                List<Served> some = random.ints(15, 0, 20).mapToObj(owners::get).map(each -> random(random, each)).toList();
                all.addAll(some);
                calls.add(() -> {
                    positions.raise(some);
                    return true;
                });
            }
            for (Future<Boolean> call : nodes.invokeAll(calls)) {
                assertThat(call.get()).isTrue();
            }
        }
        for (Target each : owners) {
            long position = Objects.requireNonNull(positions.starts(List.of(each), base).get(each)).cursor().normal();
            assertThat(STORE.messages.pending(each.name(), Cursor.at(base), base, 1_000)).hasSize(100).allMatch(message -> {
                boolean isServed = isServed(all, each, message.event().id());
                return message.status() == (isServed ? 1 : 0) && (isServed || message.event().id() > position);
            });
        }
    }

    private Served random(Random random, Target each) {
        long from = base + random.nextInt(20) * 100L;
        return served(each, from, from + random.nextInt(300));
    }

    private static boolean isServed(List<Served> all, Target owner, long id) {
        return all.stream().anyMatch(each -> each.owner().equals(owner) && each.from().normal() < id && id <= each.to().normal());
    }

    private void raise(long from, long to) {
        positions.raise(List.of(served(owner, from, to)));
    }

    private static Served served(Target owner, long from, long to) {
        return new Served(owner, Cursor.at(from), Cursor.at(to), NONE);
    }

    private Cursor start() {
        return Objects.requireNonNull(positions.starts(List.of(owner), base).get(owner)).cursor();
    }

    private static Start position(long id) {
        return new Start(Cursor.at(id), true);
    }

    /** Of one whose oldest pending message that is. */
    private static Start pending(long id) {
        return new Start(Cursor.at(id - 1), false);
    }

    private List<Integer> statuses(int count) {
        return LongStream.rangeClosed(1, count).mapToObj(i -> STORE.status(base + i)).toList();
    }

    private String name(int number) {
        return owner.name() + "/" + number;
    }
}
