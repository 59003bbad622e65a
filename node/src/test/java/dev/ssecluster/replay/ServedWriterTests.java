package dev.ssecluster.replay;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import dev.ssecluster.store.PositionStore;
import dev.ssecluster.stream.RunningStreams;
import dev.ssecluster.stream.Served;
import dev.ssecluster.test.MemoryJournal;
import dev.ssecluster.test.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What streams have served is written, in its order, however often the database or Redis fails in between. */
class ServedWriterTests {

    private static final Target ANNA = Target.user("anna");
    private static final Target PHONE = Target.client("phone");
    private static final Duration NEVER = Duration.ofDays(1);

    private final RunningStreams streams = new RunningStreams();
    private final MemoryJournal journal = new MemoryJournal();
    private final MemoryStore store = new MemoryStore();
    private final RecordingPositions positions = new RecordingPositions();
    private final ServedWriter writer = writer(NEVER);

    private ServedWriter writer(Duration delay) {
        return new ServedWriter(streams.streams(), journal, store, positions, new PositionProperties(NEVER, delay));
    }

    @AfterEach
    void close() {
        streams.close();
    }

    @Test
    void whenManyStreamsHaveServedThenTheJournalIsReadOnceForAllOfThem() {
        add(1, 1_200);
        writer.write();
        assertThat(positions.batches()).extracting(List::size).containsExactly(500, 500, 200);
        assertThat(ends()).isEqualTo(numbers(1, 1_200));
        assertThat(journal.reads()).isEqualTo(1);
    }

    @Test
    void whenNothingWasServedThenNobodyIsAsked() {
        writer.write();
        assertThat(journal.reads()).isZero();
        assertThat(positions.batches()).isEmpty();
    }

    @Test
    void whenTheJournalHasMessagesOfAnOwnerThenTheOldestOfThemIsTold() {
        journal.append(event(10, Target.user("ben")));
        journal.append(event(20, ANNA));
        journal.append(event(30, ANNA));
        writer.add(new Served(List.of(ANNA, PHONE), Cursor.at(1), Cursor.at(9)));
        writer.write();
        assertThat(positions.raised()).containsExactly(
                new PositionStore.Served(ANNA, Cursor.at(1), Cursor.at(9), 20),
                new PositionStore.Served(PHONE, Cursor.at(1), Cursor.at(9), Long.MAX_VALUE));
    }

    /** It has no row yet that could be marked as sent, and nobody would look for it below the position. */
    @Test
    void whenWhatWasServedIsStillInTheJournalThenItWaits() {
        journal.append(event(20, ANNA));
        writer.add(new Served(List.of(PHONE, ANNA), Cursor.at(1), Cursor.at(20)));
        writer.add(new Served(List.of(ANNA), Cursor.at(20), Cursor.at(30)));
        writer.add(new Served(List.of(PHONE), Cursor.at(1), Cursor.at(40)));
        writer.write();
        assertThat(ends()).containsExactly(40L);
        assertThat(journal.remove(List.of(event(20, ANNA)))).isCompleted();
        writer.write();
        assertThat(ends()).containsExactly(40L, 20L, 20L, 30L);
    }

    @Test
    void whenItStopsThenNothingWaits() {
        journal.append(event(20, ANNA));
        writer.add(new Served(List.of(ANNA), Cursor.at(1), Cursor.at(20)));
        writer.stop();
        assertThat(ends()).containsExactly(20L);
    }

    @Test
    void whenTheDatabaseIsAwayThenTheyWaitInTheirOrderAndTheJournalIsNotReadInVain() {
        goAway();
        add(1, 700);
        writer.write();
        add(701, 900);
        writer.write();
        writer.write();
        assertThat(journal.reads()).isEqualTo(1);
        comeBack();
        writer.write();
        assertThat(ends()).isEqualTo(numbers(1, 900));
        assertThat(journal.reads()).isEqualTo(2);
    }

    @Test
    void whenRedisIsAwayThenTheyWait() {
        journal.goAway();
        add(1, 3);
        writer.write();
        assertThat(positions.batches()).isEmpty();
        journal.comeBack();
        writer.write();
        assertThat(ends()).isEqualTo(numbers(1, 3));
    }

    @Test
    void whenTooManyWaitThenTheOldestAreForgotten() {
        goAway();
        add(1, 60_000);
        writer.write();
        add(60_001, 120_000);
        comeBack();
        writer.write();
        assertThat(ends()).isEqualTo(numbers(20_001, 120_000));
    }

    @Test
    void whenAnErrorEndsAWriteThenItsBatchIsLostAndTheOthersAreWritten() {
        add(1, 700);
        positions.fail(() -> {
            throw new StackOverflowError();
        });
        writer.write(); // what is thrown here would end the schedule
        positions.comeBack();
        writer.write();
        assertThat(ends()).isEqualTo(numbers(501, 700));
    }

    @Test
    void whenItIsStartedThenItWritesByItselfAndWhatIsLeftWhenItIsStopped() {
        ServedWriter quick = writer(Duration.ofMillis(5));
        quick.start();
        quick.add(served(1));
        await().until(() -> !positions.batches().isEmpty());
        quick.add(served(2));
        quick.stop();
        assertThat(ends()).isEqualTo(numbers(1, 2));
        assertThat(quick.isRunning()).isFalse();
    }

    private void goAway() {
        store.goAway();
        positions.fail(() -> new StoreUnavailableException("away", new IllegalStateException()));
    }

    private void comeBack() {
        store.comeBack();
        positions.comeBack();
    }

    private void add(long first, long last) {
        LongStream.rangeClosed(first, last).mapToObj(ServedWriterTests::served).forEach(writer::add);
    }

    private static Served served(long end) {
        return new Served(List.of(ANNA), Cursor.at(end - 1), Cursor.at(end));
    }

    private List<Long> ends() {
        return positions.raised().stream().map(served -> served.to().id()).toList();
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private static Event event(long id, Target target) {
        return new Event(id, target, Priority.NORMAL, true, 0, "t", new byte[0]);
    }
}
