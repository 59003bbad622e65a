package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.model.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/** What a shard reports of what its streams have served. */
class ShardServedTests extends ShardFixture {

    ShardServedTests() {
        super(DataSize.ofMegabytes(1)); // more than one gathered write takes
    }

    @Test
    void whenAPersistedEventWasWrittenThenServedIsReportedOnceUpToIt() {
        RecordingSink sink = openOwned(900);
        deliver(user, Priority.NORMAL, 1);
        endTurn();
        streams.reportServed(later());
        assertThat(served).isEmpty();
        deliverPersisted(++nextId);
        endTurn();
        streams.reportServed(later());
        streams.reportServed(later());
        assertThat(served).containsExactly(served(900, nextId));
        assertThat(sink.ids()).hasSize(2);
    }

    /** The peer may have vanished, and the connection would take what is written for a while. */
    @Test
    void whenAnEventWasJustWrittenThenAnOpenStreamReportsItOnlyWhenItIsCertain() {
        openOwned(900);
        deliverPersisted(1_001);
        endTurn();
        streams.reportServed(System.nanoTime());
        assertThat(served).isEmpty();
        streams.reportServed(later());
        assertThat(served).containsExactly(served(900, 1_001));
    }

    @Test
    void whenAStreamIsClosedByItsPeerThenEverythingWrittenWasServed() {
        Stream stream = openOwned(900).stream;
        deliverPersisted(1_001);
        endTurn();
        streams.close(stream, CloseReason.CLIENT);
        assertThat(served).containsExactly(served(900, 1_001));
    }

    @ParameterizedTest
    @EnumSource(CloseReason.class)
    void whenAWriteIsPendingAtTheEndThenItDoesNotCountAsServedWhateverTheReason(CloseReason reason) {
        RecordingSink sink = openOwned(900);
        sink.stalled = true;
        deliverPersisted(1_001);
        endTurn();
        streams.close(sink.stream, reason);
        assertThat(served).isEmpty();
    }

    @Test
    void whenANodeStopsThenWhatAPeerHasNotTakenDoesNotCountAsServed() {
        RecordingSink slow = openOwned(900);
        RecordingSink quick = openOwned(900);
        slow.stalled = true;
        deliverPersisted(1_001);
        endTurn();
        streams.sendAwayAll(CloseReason.DRAIN, new RetryDelay(Duration.ofSeconds(1), Duration.ofSeconds(2)));
        assertThat(quick.ids()).containsExactly(1_001L);
        assertThat(served).containsExactly(served(900, 1_001));
    }

    @Test
    void whenPersistedEventsMayBeMissingThenWhatWasServedBeforeCountsNoMore() {
        openOwned(900);
        deliverPersisted(1_001);
        endTurn();
        streams.gap(ResetReason.STORE_UNAVAILABLE, nextId, List.of(user));
        streams.reportServed(later());
        assertThat(served).isEmpty();
        deliverPersisted(1_005);
        endTurn();
        deliverPersisted(1_006);
        endTurn();
        streams.reportServed(later());
        assertThat(served).containsExactly(served(1_005, 1_006));
    }

    @Test
    void whenOnlyUnpersistedEventsMayBeMissingThenTheSpanGoesOn() {
        openOwned(900);
        streams.gap(ResetReason.HISTORY_LOST, 0, List.of(user));
        deliverPersisted(1_005);
        endTurn();
        streams.reportServed(later());
        assertThat(served).containsExactly(served(900, 1_005));
    }

    /** Writing them must not make the span begin before the gap, or what is in it would count as served. */
    @Test
    void whenEventsFromBeforeAGapStillWaitThenTheSpanBeginsBehindIt() {
        RecordingSink sink = openOwned(900);
        sink.stalled = true;
        deliverPersisted(1_001);
        endTurn();
        deliverLarge(1_002, 1_020);
        endTurn();
        streams.gap(ResetReason.STORE_UNAVAILABLE, nextId, List.of(user));
        endTurn();
        deliverLarge(2_001, 2_020);
        writeAll(sink);
        assertThat(sink.ids()).contains(1_020L, 2_020L);
        deliverPersisted(2_021);
        writeAll(sink);
        streams.reportServed(later());
        assertThat(served).isNotEmpty().allSatisfy(each -> assertThat(each.from().lowest()).isGreaterThanOrEqualTo(2_001));
    }

    @Test
    void whenAGapComesDuringAReplayThenTheSpanBeginsBehindIt() {
        Stream stream = register(RunningStreams.options(List.of(), 1, false), user, group);
        RecordingSink sink = new RecordingSink(stream);
        streams.begin(stream, Cursor.at(900), Cursor.at(900), 1_000);
        streams.open(stream, sink);
        streams.gap(ResetReason.STORE_UNAVAILABLE, nextId, List.of(user));
        var _ = replay(stream, event(950, Priority.NORMAL, true, 0));
        endTurn();
        streams.reportServed(later());
        assertThat(served).isEmpty();
        streams.goLive(stream);
        deliverPersisted(2_001);
        endTurn();
        deliverPersisted(2_002);
        endTurn();
        streams.reportServed(later());
        assertThat(served).containsExactly(served(2_001, 2_002));
    }

    /** What a repair has found of the gap follows it, and something that it has not found may be above. */
    @Test
    void whenEventsFromTheGapFollowItThenTheSpanBeginsBehindIt() {
        openOwned(900);
        streams.gap(ResetReason.STORE_UNAVAILABLE, 2_000, List.of(user));
        deliverPersisted(1_100);
        endTurn();
        deliverPersisted(2_300);
        endTurn();
        streams.reportServed(later());
        assertThat(served).containsExactly(served(2_000, 2_300));
    }

    @Test
    void whenAGapComesBeforeTheStreamBeginsThenTheSpanBeginsBehindIt() {
        Stream stream = register(RunningStreams.options(List.of(), 1, false), user, group);
        streams.gap(ResetReason.STORE_UNAVAILABLE, 2_000, List.of(user));
        streams.begin(stream, Cursor.at(900), Cursor.at(900), 1_000);
        streams.open(stream, new RecordingSink(stream));
        streams.goLive(stream);
        deliverPersisted(2_300);
        endTurn();
        deliverPersisted(2_301);
        endTurn();
        streams.reportServed(later());
        assertThat(served).containsExactly(served(2_300, 2_301));
    }

    private void writeAll(RecordingSink sink) {
        while (sink.stalled || sink.writing) {
            sink.complete();
            endTurn();
        }
        endTurn();
    }

    /** Certainly later than a peer that vanished would be noticed. */
    private static long later() {
        return System.nanoTime() + Duration.ofMinutes(5).toNanos();
    }

    private Served served(long from, long to) {
        return new Served(List.of(user.target()), Cursor.at(from), Cursor.at(to));
    }

    private void deliverPersisted(long id) {
        nextId = Math.max(nextId, id);
        streams.deliver(new EncodedEvent(event(id, Priority.NORMAL, true, 0)), group);
    }

    /** Together more than one gathered write takes. */
    private void deliverLarge(long first, long last) {
        for (long id = first; id <= last; id++) {
            byte[] data = ("\"" + "x".repeat(4_000) + "\"").getBytes(StandardCharsets.UTF_8);
            streams.deliver(new EncodedEvent(new Event(id, group.target(), Priority.NORMAL, true, 0, "t", data)), group);
        }
        nextId = Math.max(nextId, last);
    }
}
