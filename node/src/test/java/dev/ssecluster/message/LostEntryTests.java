package dev.ssecluster.message;

import dev.ssecluster.event.Event;
import dev.ssecluster.test.MemoryJournal;
import dev.ssecluster.test.MemoryStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a send is told whose journal entry is gone when its row is committed: removed by another node, or lost by Redis. */
class LostEntryTests {

    /** Never reached, however busy the machine is. */
    private static final WriterProperties PROPERTIES = new WriterProperties(Duration.ofSeconds(20), 100);

    private final MessageMeters meters = new MessageMeters(new SimpleMeterRegistry());
    private final MemoryJournal journal = new MemoryJournal();
    private final MemoryStore store = new MemoryStore();
    private final MessageWriter writer = new MessageWriter(
            new StoreCalls(store, meters), new Removals(journal), new DeadLetters(journal, meters), PROPERTIES);

    @Test
    void whenAnotherNodeHasRemovedTheEntryThenItIsStored() {
        store.pause();
        CompletableFuture<Written> written = write(event(1));
        assertThat(journal.remove(List.of(event(1))).join().getFirst().found()).isTrue();
        store.resume();
        assertThat(written.join()).isEqualTo(Written.STORED);
    }

    /** A stream that resumed between the loss and the commit found the event nowhere. */
    @Test
    void whenRedisHasLostTheEntryBeforeTheCommitThenNobodyIsToldThatItIsStored() {
        store.pause();
        CompletableFuture<Written> written = write(event(1));
        journal.restartEmpty("2");
        store.resume();
        assertThat(written.join()).isEqualTo(Written.UNKNOWN);
        assertThat(store.ids()).containsExactly(1L);
    }

    /** With its idempotency record it has lost the entry, before the row was there. */
    @Test
    void whenRedisLosesTheEntryOfARepeatedSendBeforeTheCommitThenNobodyIsToldThatItIsStored() {
        journal.append(event(1));
        store.pause();
        CompletableFuture<Written> written = repeat(event(1), "1");
        journal.restartEmpty("2");
        store.resume();
        assertThat(written.join()).isEqualTo(Written.UNKNOWN);
    }

    @Test
    void whenItIsRepeatedAfterRedisWasRestartedWithItsDataThenItIsStored() {
        assertThat(write(event(1)).join()).isEqualTo(Written.STORED);
        journal.restart("2");
        assertThat(repeat(event(1), "2").join()).isEqualTo(Written.STORED);
    }

    @Test
    void whenItIsRepeatedWhileRedisIsRestartedThenTheNextRepetitionFindsItStored() {
        assertThat(write(event(1)).join()).isEqualTo(Written.STORED);
        store.pause();
        CompletableFuture<Written> repeated = repeat(event(1), "1");
        journal.restart("2");
        store.resume();
        assertThat(repeated.join()).isEqualTo(Written.UNKNOWN);
        assertThat(repeat(event(1), "2").join()).isEqualTo(Written.STORED);
    }

    /** FLUSHALL does not change the epoch. */
    @Test
    void whenTheDataOfTheEpochWasLostThenNobodyIsToldThatItIsStored() {
        store.pause();
        CompletableFuture<Written> written = write(event(1));
        journal.restartEmpty("1");
        store.resume();
        assertThat(written.join()).isEqualTo(Written.UNKNOWN);
    }

    @Test
    void whenRedisIsRestartedWithTheEntryThenItIsStored() {
        store.pause();
        CompletableFuture<Written> written = write(event(1));
        journal.restart("2");
        store.resume();
        assertThat(written.join()).isEqualTo(Written.STORED);
    }

    /** A send that found its idempotency record in this epoch. */
    private CompletableFuture<Written> repeat(Event event, String epoch) {
        return writer.write(List.of(new JournaledEvent(event, epoch, true))).getFirst();
    }

    private CompletableFuture<Written> write(Event event) {
        journal.append(event);
        return writer.write(List.of(new JournaledEvent(event, "1", false))).getFirst();
    }

    private static Event event(long id) {
        return Events.toUser("u", id);
    }
}
