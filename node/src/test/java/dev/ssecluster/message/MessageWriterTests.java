package dev.ssecluster.message;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import dev.ssecluster.test.MemoryJournal;
import dev.ssecluster.test.MemoryStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a send is told, in every order in which commit, removal and failures can come. */
class MessageWriterTests {

    /** Never reached, however busy the machine is. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final Duration SHORT = Duration.ofMillis(300);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MessageMeters meters = new MessageMeters(registry);
    private final MemoryJournal journal = new MemoryJournal();
    private final MemoryStore store = new MemoryStore();
    private final StoreCalls calls = new StoreCalls(store, meters);
    private final MessageWriter writer = writer(LONG, 100);

    private MessageWriter writer(Duration timeout, int queueLength) {
        return new MessageWriter(
                calls, new Removals(journal), new DeadLetters(journal, meters), new WriterProperties(timeout, queueLength));
    }

    @Test
    void whenItIsCommittedAndRemovedThenItIsStored() {
        assertThat(write(event(1)).join()).isEqualTo(Written.STORED);
        assertThat(store.ids()).containsExactly(1L);
        assertThat(journal.ids()).isEmpty();
    }

    @Test
    void whenNothingIsToBeWrittenThenNobodyIsAsked() {
        assertThat(writer.write(List.of())).isEmpty();
        assertThat(store.batches()).isEmpty();
    }

    @Test
    void whenACommitIsUnderWayThenTheOthersGoTogetherInTheNext() {
        store.pause();
        CompletableFuture<Written> first = write(event(1));
        await().until(() -> store.batches().size() == 1);
        List<CompletableFuture<Written>> others = IntStream.rangeClosed(2, 40).mapToObj(id -> write(event(id))).toList();
        store.resume();
        assertThat(first.join()).isEqualTo(Written.STORED);
        assertThat(others).allMatch(each -> each.join() == Written.STORED);
        assertThat(store.batches()).containsExactly(1, 39);
        assertThat(registry.get("sse.store.batch").summary().max()).isEqualTo(39);
    }

    @Test
    void whenManyComeAtOnceThenTheyAreOneCall() {
        assertThat(writeAll(Events.many(90))).allMatch(each -> each.join() == Written.STORED);
        assertThat(store.batches()).containsExactly(90);
    }

    @Test
    void whenTheDatabaseIsAwayThenItStaysInTheJournalAndNobodyWaits() {
        store.goAway();
        assertThat(write(event(1)).join()).isEqualTo(Written.JOURNALED);
        assertThat(writeAll(Events.many(50))).allMatch(each -> each.isDone() && each.join() == Written.JOURNALED);
        assertThat(store.batches()).hasSize(1);
        assertThat(journal.ids()).hasSize(50);
        assertThat(registry.get("sse.store.available").gauge().value()).isZero();
    }

    @Test
    void whenTheDatabaseIsBackThenSendsAreStoredAgain() {
        store.goAway();
        assertThat(write(event(1)).join()).isEqualTo(Written.JOURNALED);
        calls.probe();
        assertThat(calls.isAway()).isTrue();
        store.comeBack();
        calls.probe();
        assertThat(write(event(2)).join()).isEqualTo(Written.STORED);
    }

    @Test
    void whenACommitFailsThenWhatWaitedBehindItIsAnsweredWithoutAnotherCall() {
        store.pause();
        CompletableFuture<Written> first = write(event(1));
        await().until(() -> store.batches().size() == 1);
        CompletableFuture<Written> second = write(event(2));
        store.goAway();
        store.resume();
        assertThat(first.join()).isEqualTo(Written.JOURNALED);
        assertThat(second.join()).isEqualTo(Written.JOURNALED);
        assertThat(store.batches()).hasSize(1);
        assertThat(journal.ids()).containsExactly(1L, 2L);
    }

    @Test
    void whenTheStoreFailsForAnyOtherReasonThenTheEventStaysInTheJournal() {
        store.fail(new IllegalStateException("a fault"));
        assertThat(write(event(1)).join()).isEqualTo(Written.JOURNALED);
        assertThat(journal.ids()).containsExactly(1L);
        store.comeBack();
        assertThat(write(event(2)).join()).isEqualTo(Written.STORED); // one fault does not make it count as away
    }

    @Test
    void whenAnErrorEndsACommitThenTheEventStaysInTheJournalAndTheNextIsStored() {
        MessageWriter impatient = writer(SHORT, 100);
        store.fail(new StackOverflowError());
        assertThat(write(impatient, event(1)).join()).isEqualTo(Written.JOURNALED);
        await().until(() -> store.batches().size() == 1);
        assertThat(journal.ids()).containsExactly(1L);
        store.comeBack();
        long begin = System.nanoTime();
        await().until(() -> System.nanoTime() - begin > SHORT.toNanos());
        var _ = write(impatient, event(2)); // not overdue for ever
        await().until(() -> store.ids().contains(2L));
    }

    @Test
    void whenTheCommitTakesTooLongThenItIsJournaledAndStoredLaterAllTheSame() {
        MessageWriter impatient = writer(SHORT, 100);
        store.pause();
        long start = System.nanoTime();
        CompletableFuture<Written> first = write(impatient, event(1));
        CompletableFuture<Written> waiting = write(impatient, event(2));
        assertThat(first.join()).isEqualTo(Written.JOURNALED);
        assertThat(waiting.join()).isEqualTo(Written.JOURNALED);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, LONG);
        await().until(() -> write(impatient, event(3)).isDone()); // overdue: nobody else waits
        store.resume();
        await().until(() -> store.ids().containsAll(List.of(1L, 2L)) && !journal.ids().contains(2L));
    }

    @Test
    void whenTheQueueIsFullThenTheRestStaysInTheJournal() {
        MessageWriter small = writer(LONG, 2);
        store.pause();
        CompletableFuture<Written> first = write(small, event(1));
        await().until(() -> store.batches().size() == 1);
        List<CompletableFuture<Written>> queued = List.of(write(small, event(2)), write(small, event(3)));
        assertThat(write(small, event(4))).isCompletedWithValue(Written.JOURNALED);
        store.resume();
        assertThat(first.join()).isEqualTo(Written.STORED);
        assertThat(queued).allMatch(each -> each.join() == Written.STORED);
        assertThat(journal.ids()).containsExactly(4L);
    }

    @Test
    void whenTheDatabaseRefusesSomeThenTheyAreDeadLettersAndTheOthersAreStored() {
        store.refuse(2);
        assertThat(store.store(List.of(large(3, 10)))).hasSize(1); // another event has its id
        List<CompletableFuture<Written>> written = writeAll(Events.many(4));
        assertThat(written).extracting(CompletableFuture::join)
                .containsExactly(Written.STORED, Written.REFUSED, Written.REFUSED, Written.STORED);
        assertThat(journal.dead()).containsOnlyKeys(2L, 3L);
        assertThat(journal.ids()).isEmpty();
        assertThat(buried("conflict")).isEqualTo(1);
        assertThat(buried("refused")).isEqualTo(1);
    }

    @Test
    void whenItIsRefusedWhileRedisIsAwayThenTheJournalStillHasIt() {
        store.refuse(1);
        store.pause();
        CompletableFuture<Written> written = write(event(1));
        journal.goAway();
        store.resume();
        assertThat(written.join()).isEqualTo(Written.REFUSED);
        assertThat(journal.ids()).containsExactly(1L);
    }

    @Test
    void whenRedisComesBackInTimeThenTheRemovalIsAskedForAgain() {
        journal.append(event(1));
        journal.goAway();
        CompletableFuture<Written> written = writer.write(List.of(new JournaledEvent(event(1), "1", false))).getFirst();
        await().until(() -> store.ids().size() == 1);
        assertThat(written).isNotDone();
        journal.comeBack();
        assertThat(written.join()).isEqualTo(Written.STORED);
    }

    @Test
    void whenRedisDoesNotComeBackInTimeThenTheOutcomeIsUnknown() {
        journal.goAway();
        assertThat(write(writer(SHORT, 100), event(1)).join()).isEqualTo(Written.UNKNOWN);
        assertThat(store.ids()).containsExactly(1L);
        assertThat(journal.ids()).containsExactly(1L);
    }

    @Test
    void whenRedisIsAwayThenTheNextCommitDoesNotWaitForIt() {
        journal.goAway();
        CompletableFuture<Written> first = write(event(1));
        CompletableFuture<Written> second = write(event(2));
        await().until(() -> store.ids().size() == 2);
        assertThat(first).isNotDone();
        journal.comeBack();
        assertThat(first.join()).isEqualTo(Written.STORED);
        assertThat(second.join()).isEqualTo(Written.STORED);
    }

    @Test
    void whenItIsWrittenAgainThenNothingChanges() {
        assertThat(write(event(1)).join()).isEqualTo(Written.STORED);
        assertThat(writer.write(List.of(new JournaledEvent(event(1), "1", false))).getFirst().join()).isEqualTo(Written.STORED);
        assertThat(store.ids()).containsExactly(1L);
    }

    private CompletableFuture<Written> write(Event event) {
        return write(writer, event);
    }

    private CompletableFuture<Written> write(MessageWriter to, Event event) {
        journal.append(event);
        return to.write(List.of(new JournaledEvent(event, "1", false))).getFirst();
    }

    private List<CompletableFuture<Written>> writeAll(List<Event> events) {
        events.forEach(journal::append);
        return writer.write(events.stream().map(event -> new JournaledEvent(event, "1", false)).toList());
    }

    private double buried(String reason) {
        return registry.counter("sse.journal.buried", "reason", reason).count();
    }

    private static Event event(long id) {
        return Events.toUser("u", id);
    }

    private static Event large(long id, int bytes) {
        return new Event(id, Target.user("u"), Priority.NORMAL, true, 0, "t", new byte[bytes]);
    }
}
