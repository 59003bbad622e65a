package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.model.Priority;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a shard does with streams that begin. */
class ShardReplayTests extends ShardFixture {

    @Test
    void whenAttachingThenEventsUpToTheFenceAreDiscardedAndLaterOnesFollow() {
        Stream stream = register(group);
        deliver(group, Priority.NORMAL, 3);
        endTurn();
        RecordingSink sink = new RecordingSink(stream);
        streams.begin(stream, Cursor.at(1_002), Cursor.at(1_002), 1_002);
        streams.goLive(stream);
        streams.open(stream, sink);
        endTurn();
        assertThat(sink.ids()).containsExactly(1_003L);
    }

    @Test
    void whenEventsMayBeMissingThenAttachingStreamsHearItToo() {
        RecordingSink open = open(group);
        Stream attaching = register(group);
        streams.gap(ResetReason.HISTORY_LOST, 0, List.of(group));
        endTurn();
        RecordingSink later = new RecordingSink(attaching);
        openAt(attaching, later, 1_000);
        endTurn();
        assertThat(open.text()).contains("history-lost");
        assertThat(later.text()).contains("history-lost");
    }

    @Test
    void whenReplayedThenLiveEventsComeBehindItWhateverTheirPriority() {
        Stream stream = register(group);
        streams.begin(stream, Cursor.at(900), Cursor.at(900), 1_000);
        RecordingSink sink = new RecordingSink(stream);
        streams.open(stream, sink);
        deliver(group, Priority.URGENT, 1);
        endTurn();
        CompletableFuture<Boolean> room = replay(stream, event(910, Priority.NORMAL, false, 0), event(920, Priority.HIGH, false, 0));
        assertThat(room).isNotDone();
        endTurn();
        assertThat(room).isCompletedWithValue(true);
        assertThat(sink.ids()).containsExactly(920L, 910L);
        streams.goLive(stream);
        endTurn();
        assertThat(sink.ids()).containsExactly(920L, 910L, 1_001L);
    }

    @Test
    void whenAStartHasClassPositionsThenWhatTheyCoverIsNotReplayed() {
        Stream stream = register(group);
        streams.begin(stream, new Cursor(950, 900, 950, 900), Cursor.at(900), 1_000);
        RecordingSink sink = new RecordingSink(stream);
        streams.open(stream, sink);
        var _ = replay(stream, event(910, Priority.NORMAL, false, 0), event(940, Priority.HIGH, false, 0), event(960, Priority.HIGH, false, 0));
        streams.goLive(stream);
        endTurn();
        assertThat(sink.ids()).containsExactly(960L, 910L);
        assertThat(sink.text()).contains("id: 960~900-960-960\n", "id: 910~910-960-960\n");
    }

    @Test
    void whenTheReplayGoesOnThenNoHeartbeatMovesTheCursor() {
        Stream stream = register(group);
        streams.begin(stream, Cursor.at(900), Cursor.at(900), 1_000);
        RecordingSink sink = new RecordingSink(stream);
        streams.open(stream, sink);
        streams.probe(1_000);
        streams.endTurn(System.nanoTime() + Duration.ofMinutes(1).toNanos());
        assertThat(sink.text()).isEmpty();
        streams.goLive(stream);
        streams.endTurn(System.nanoTime() + Duration.ofMinutes(2).toNanos());
        assertThat(sink.ids()).containsExactly(1_000L);
    }

    @Test
    void whenAStreamEndsThenItsReplayIsTold() {
        Stream stream = register(group);
        streams.begin(stream, Cursor.at(900), Cursor.at(900), 1_000);
        CompletableFuture<Boolean> room = replay(stream, event(910, Priority.NORMAL, false, 0));
        streams.close(stream, CloseReason.CLIENT);
        assertThat(room).isCompletedWithValue(false);
        assertThat(replay(stream, event(920, Priority.NORMAL, false, 0))).isCompletedWithValue(false);
    }
}
