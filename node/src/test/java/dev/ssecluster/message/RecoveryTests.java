package dev.ssecluster.message;

import dev.ssecluster.backplane.Journal;
import dev.ssecluster.event.Event;
import dev.ssecluster.test.MemoryJournal;
import dev.ssecluster.test.MemoryStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RecoveryTests {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MessageMeters meters = new MessageMeters(registry);
    private final MemoryJournal journal = new MemoryJournal();
    private final MemoryStore store = new MemoryStore();
    private final StoreCalls calls = new StoreCalls(store, meters);
    private final Recovery recovery = new Recovery(journal, calls, new DeadLetters(journal, meters), meters);

    @Test
    void whenANodeHasDiedThenItsEntriesAreStoredInOneGo() {
        Events.many(1_700).forEach(journal::append);
        recovery.run();
        assertThat(store.ids()).hasSize(1_700);
        assertThat(store.batches()).containsExactly(500, 500, 500, 200);
        assertThat(journal.ids()).isEmpty();
        assertThat(registry.counter("sse.journal.recovered").count()).isEqualTo(1_700);
        assertThat(registry.get("sse.journal.entries").gauge().value()).isZero();
    }

    @Test
    void whenTheNodeDiedBetweenCommitAndRemovalThenOnlyTheEntryGoes() {
        Event event = Events.toUser("u", 1);
        journal.append(event);
        assertThat(store.store(List.of(event))).hasSize(1);
        assertThat(store.markRead("u", List.of("1"))).isEqualTo(1);
        recovery.run();
        assertThat(journal.ids()).isEmpty();
        assertThat(store.unread("u", 1).count()).isZero();
    }

    @Test
    void whenAnotherNodeHasTheLeaseThenNothingIsDone() {
        journal.append(Events.toUser("u", 1));
        journal.leaseElsewhere();
        recovery.run();
        assertThat(store.batches()).isEmpty();
        assertThat(entries()).isEqualTo(1);
    }

    @Test
    void whenOnlyThisNodesDatabaseIsAwayThenAnotherNodeGetsTheLeaseAndStores() {
        MemoryStore others = new MemoryStore();
        journal.append(Events.toUser("u", 1));
        store.goAway();
        assertThat(calls.store(Events.many(1))).isEmpty(); // a send has found out
        recovery.run();
        assertThat(entries()).isEqualTo(1);
        another(others).run();
        assertThat(others.ids()).containsExactly(1L);
        recovery.run();
        assertThat(entries()).isZero();
    }

    @Test
    void whenTheDatabaseOfTheNodeWithTheLeaseFailsThenItLetsTheLeaseRunOut() {
        MemoryStore others = new MemoryStore();
        journal.append(Events.toUser("u", 1));
        store.goAway();
        recovery.run(); // gets the lease, and the database fails
        another(others).run();
        assertThat(others.ids()).isEmpty();
        journal.leaseEnds();
        recovery.run();
        another(others).run();
        assertThat(others.ids()).containsExactly(1L);
        assertThat(journal.ids()).isEmpty();
    }

    @Test
    void whenTheDatabaseIsAwayThenEverythingStaysUntilItIsBack() {
        Events.many(600).forEach(journal::append);
        store.goAway();
        recovery.run();
        recovery.run();
        assertThat(journal.ids()).hasSize(600);
        store.comeBack();
        recovery.run();
        assertThat(journal.ids()).isEmpty();
        assertThat(calls.isAway()).isFalse();
    }

    @Test
    void whenTheDatabaseIsBackThenSendsAreStoredAgainThoughAnotherNodeHasTheLease() {
        store.goAway();
        assertThat(calls.store(Events.many(1))).isEmpty();
        journal.leaseElsewhere();
        store.comeBack();
        recovery.run();
        assertThat(calls.isAway()).isFalse();
    }

    @Test
    void whenAnEntryIsRefusedThenItIsADeadLetterAndTheOthersAreStored() {
        Events.many(3).forEach(journal::append);
        store.refuse(2);
        recovery.run();
        assertThat(store.ids()).containsExactly(1L, 3L);
        assertThat(journal.dead()).containsOnlyKeys(2L);
        assertThat(journal.ids()).isEmpty();
    }

    @Test
    void whenRedisIsAwayThenItIsTriedAgain() {
        journal.append(Events.toUser("u", 1));
        journal.goAway();
        recovery.run();
        assertThat(store.ids()).isEmpty();
        journal.comeBack();
        recovery.run();
        assertThat(store.ids()).containsExactly(1L);
    }

    @Test
    void whenAnErrorEndsARoundThenTheNextStoresAllTheSame() {
        journal.append(Events.toUser("u", 1));
        store.goAway();
        recovery.run();
        store.fail(new StackOverflowError());
        recovery.run(); // what is thrown here would end the schedule
        store.comeBack();
        recovery.run();
        assertThat(journal.ids()).isEmpty();
    }

    @Test
    void whenItIsStartedThenItLooksByItselfUntilItIsStopped() {
        journal.append(Events.toUser("u", 1));
        recovery.start();
        await().until(() -> journal.ids().isEmpty());
        assertThat(recovery.isRunning()).isTrue();
        recovery.stop();
        assertThat(recovery.isRunning()).isFalse();
    }

    private Recovery another(MemoryStore database) {
        MessageMeters its = new MessageMeters(new SimpleMeterRegistry());
        Journal shared = journal.of("another");
        return new Recovery(shared, new StoreCalls(database, its), new DeadLetters(shared, its), its);
    }

    private double entries() {
        return registry.get("sse.journal.entries").gauge().value();
    }
}
