package dev.ssecluster.stream;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Trace;
import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.model.Priority;
import dev.ssecluster.test.LogLines;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/** What a shard measures, and says of events that somebody follows. */
class ShardMetersTests extends ShardFixture {

    private static final Trace TRACE = new Trace("4bf92f3577b34da6a3ce929d0e0e4736");

    private final Timer latency = registry.get(MeterNames.EVENTS_LATENCY).timer();
    private long time = System.nanoTime();
    private final DistributionSummary events = registry.get(MeterNames.WRITE_EVENTS).summary();

    @Test
    void whenAnEventIsWrittenThenItsWayFromItsAcceptanceIsMeasured() {
        open(group);
        open(group);
        deliver(group, Priority.NORMAL, 3);
        now = 3_001;
        endTurn();
        assertThat(latency.count()).isEqualTo(2);
        assertThat(latency.max(MICROSECONDS)).isEqualTo(2_000); // of the first of the write, whose id is 1 001
        assertThat(events.count()).isEqualTo(2);
        assertThat(events.max()).isEqualTo(3);
    }

    @Test
    void whenAnEventHasWaitedThenThatIsMeasuredToo() {
        RecordingSink sink = open(group);
        sink.stalled = true;
        deliver(group, Priority.NORMAL, 2);
        endTurn();
        deliver(group, Priority.NORMAL, 1);
        deliver(group, Priority.URGENT, 1);
        endTurn();
        now = 501_003;
        sink.complete();
        endTurn();
        assertThat(latency.max(MILLISECONDS)).isEqualTo(500); // of the oldest, although an urgent one is first
        assertThat(events.totalAmount()).isEqualTo(4);
    }

    /** After Redis has lost its data they are, for some seconds. */
    @Test
    void whenIdsAreAheadOfTheClockThenNoTimeIsNegative() {
        open(group);
        now = 500;
        deliver(group, Priority.NORMAL, 1);
        endTurn();
        assertThat(latency.count()).isOne();
        assertThat(latency.totalTime(MICROSECONDS)).isZero();
    }

    @Test
    void whenTheClockIsNotKnownYetThenNoTimeIsMeasured() {
        open(group);
        now = 0;
        deliver(group, Priority.NORMAL, 1);
        endTurn();
        assertThat(latency.count()).isZero();
        assertThat(events.count()).isOne();
    }

    @Test
    void whenEventsAreReplayedThenTheirAgeIsNoTimeOnTheWay() {
        Stream stream = register(group);
        RecordingSink sink = new RecordingSink(stream);
        streams.begin(stream, Cursor.at(10), Cursor.at(10), nextId);
        streams.open(stream, sink);
        var _ = replay(stream, event(20, Priority.NORMAL, true, 0), event(30, Priority.NORMAL, false, 0));
        streams.goLive(stream);
        now = 1_000_000;
        deliver(group, Priority.NORMAL, 1);
        endTurn();
        assertThat(sink.ids()).contains(20L, 30L);
        assertThat(latency.count()).isZero();
        deliver(group, Priority.NORMAL, 1);
        endTurn();
        assertThat(latency.count()).isOne();
    }

    @Test
    void whenReadersAreSlowThenWhatWaitsForThemIsShown() {
        RecordingSink sink = open(group);
        open(group);
        sink.stalled = true;
        deliver(group, Priority.NORMAL, 1);
        endTurn();
        deliver(group, Priority.NORMAL, 10);
        tick();
        assertThat(gauge(MeterNames.QUEUE_STREAMS)).isOne();
        assertThat(gauge(MeterNames.QUEUE_BYTES)).isBetween(600.0, 2_000.0);
        sink.complete();
        tick();
        assertThat(gauge(MeterNames.QUEUE_STREAMS)).isZero();
        assertThat(gauge(MeterNames.QUEUE_BYTES)).isZero();
    }

    @Test
    void whenSomebodyFollowsAnEventThenTheLogSaysToHowManyStreamsItWasWrittenAndWhen() {
        open(group);
        RecordingSink slow = open(group);
        slow.stalled = true;
        deliver(group, Priority.NORMAL, 1);
        endTurn();
        try (LogLines log = LogLines.of(TracedWrites.class.getName())) {
            streams.deliver(new EncodedEvent(event(++nextId, Priority.NORMAL, false, 0).tracedBy(TRACE)), group);
            deliver(group, Priority.NORMAL, 1);
            now = 5_000;
            endTurn();
            now = 9_999;
            slow.complete();
            endTurn();
            endTurn();
            assertThat(log.lines()).extracting(ILoggingEvent::getFormattedMessage).containsExactly(
                    "Delivered event 1002 to 1 streams, 3 ms after it was accepted",
                    "Delivered event 1002 to 1 streams, 8 ms after it was accepted");
            assertThat(log.lines()).allSatisfy(line -> assertThat(line.getMDCPropertyMap()).containsEntry("trace.id", TRACE.id()));
        }
    }

    private void tick() {
        endTurn();
        time += Duration.ofSeconds(1).toNanos();
        streams.endTurn(time);
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }
}
