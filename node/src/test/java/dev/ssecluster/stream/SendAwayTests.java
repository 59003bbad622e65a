package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import dev.ssecluster.model.Priority;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Streams that are ended by this side, by a call or by their age. */
class SendAwayTests extends ShardFixture {

    private static final RetryDelay RETRY = new RetryDelay(Duration.ofMillis(1500), Duration.ofMillis(1500));
    private static final String GOAWAY = "retry: 1500\nevent: sse.goaway\ndata: {\"reason\":\"disconnected\",\"retry_ms\":1500}\n\n";

    private RecordingSink openUntil(long expiresNanos, long endsNanos) {
        StreamOptions options = RunningStreams.options(List.of(), 0, false);
        Stream stream = new Stream(shard, List.of(group), new StreamOptions(options.targets(), 0, false, false, false,
                options.connectionId(), 1, expiresNanos, _ -> true), endsNanos);
        streams.register(stream);
        RecordingSink sink = new RecordingSink(stream);
        openAt(stream, sink, nextId);
        return sink;
    }

    /** Looks at all parts of the streams. */
    private void pass(Duration time) {
        for (int i = 0; i < 4; i++) {
            streams.endTurn(System.nanoTime() + time.plusMillis(300L * i).toNanos());
        }
    }

    @Test
    void whenAllOfATargetAreClosedThenEachIsToldBehindWhatWaitsAndTheyAreCounted() {
        RecordingSink idle = open(user);
        RecordingSink waiting = open(user, group);
        RecordingSink stalled = open(user);
        RecordingSink others = open(group);
        Stream attaching = register(user);
        stalled.stalled = true;
        deliver(user, Priority.NORMAL, 1);
        endTurn();
        deliver(user, Priority.HIGH, 1);
        deliver(group, Priority.URGENT, 1);
        assertThat(streams.sendAway(user, CloseReason.DISCONNECTED, RETRY)).isEqualTo(4);
        assertThat(idle.text()).endsWith(GOAWAY);
        assertThat(waiting.ids()).containsExactly(1_001L, 1_003L, 1_002L);
        assertThat(waiting.text()).endsWith(GOAWAY);
        assertThat(stalled.writes).hasSize(1);
        assertThat(attaching.isClosed()).isTrue();
        assertThat(others.isClosed).isFalse();
        assertThat(closed).hasSize(4).containsOnly(CloseReason.DISCONNECTED);
        assertThat(streams.sendAway(user, CloseReason.DISCONNECTED, RETRY)).as("none is left").isZero();
    }

    @Test
    void whenMoreWaitsThanOneWriteTakesThenTheGoodbyeComesBehindAFullOne() {
        RecordingSink sink = open(group);
        var _ = replay(sink.stream, LongStream.range(1_001, 3_000).mapToObj(id -> event(id, Priority.NORMAL, false, 0)).toArray(Event[]::new));
        streams.sendAway(group, CloseReason.DISCONNECTED, RETRY);
        assertThat(sink.writes).hasSize(1);
        assertThat(sink.ids()).isSorted().hasSizeBetween(500, 1_500);
        assertThat(sink.text()).endsWith(GOAWAY);
    }

    @Test
    void whenAPermissionIsAboutToEndThenTheClientIsToldOnceAndLaterTheStreamEnds() {
        RecordingSink sink = openUntil(System.nanoTime() + Duration.ofSeconds(50).toNanos(), StreamOptions.NEVER);
        pass(Duration.ofSeconds(18));
        assertThat(sink.writes).isEmpty();
        pass(Duration.ofSeconds(21));
        pass(Duration.ofSeconds(23));
        endTurn();
        assertThat(sink.writes).containsExactly("event: sse.goaway\ndata: {\"reason\":\"expiring\"}\n\n");
        assertThat(closed).isEmpty();
        pass(Duration.ofSeconds(51));
        assertThat(closed).containsExactly(CloseReason.EXPIRED);
        assertThat(sink.writes.getLast()).contains("\"reason\":\"expired\",\"retry_ms\":");
    }

    @Test
    void whenAStreamIsOldThenItEnds() {
        RecordingSink sink = openUntil(System.nanoTime() + Duration.ofHours(1).toNanos(), System.nanoTime() + Duration.ofMinutes(1).toNanos());
        RecordingSink immortal = open(group);
        pass(Duration.ofSeconds(58));
        assertThat(closed).isEmpty();
        pass(Duration.ofSeconds(61));
        assertThat(closed).containsExactly(CloseReason.LIFETIME);
        assertThat(sink.text()).contains("\"reason\":\"lifetime\",\"retry_ms\":");
        assertThat(immortal.isClosed).isFalse();
    }

    @Test
    void whenAPermissionHasEndedBeforeTheStreamIsOpenThenItNeverOpens() {
        RecordingSink sink = openUntil(System.nanoTime() - 1, StreamOptions.NEVER);
        pass(Duration.ofSeconds(1));
        assertThat(sink.isClosed).isTrue();
        assertThat(closed).containsExactly(CloseReason.EXPIRED);
    }
}
