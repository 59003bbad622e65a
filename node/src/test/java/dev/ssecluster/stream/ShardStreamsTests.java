package dev.ssecluster.stream;

import dev.ssecluster.event.Target;
import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.model.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a shard does with events, priorities, slow peers and time. */
class ShardStreamsTests extends ShardFixture {

    @Test
    void whenManyEventsOfOneTopicThenOneWriteForEachStream() {
        RecordingSink first = open(group);
        RecordingSink second = open(group);
        deliver(group, Priority.NORMAL, 3);
        endTurn();
        assertThat(first.writes).hasSize(1);
        assertThat(first.ids()).containsExactly(1_001L, 1_002L, 1_003L);
        assertThat(second.writes).isEqualTo(first.writes);
    }

    @Test
    void whenTopicsAlternateThenStillOneWriteInOrder() {
        RecordingSink sink = open(group, user);
        deliver(group, Priority.NORMAL, 1);
        deliver(user, Priority.NORMAL, 1);
        deliver(group, Priority.NORMAL, 1);
        endTurn();
        assertThat(sink.writes).hasSize(1);
        assertThat(sink.ids()).containsExactly(1_001L, 1_002L, 1_003L);
    }

    @Test
    void whenAWriteIsPendingThenEventsWaitAndUrgentOvertakes() {
        RecordingSink sink = open(group);
        sink.stalled = true;
        deliver(group, Priority.NORMAL, 1);
        endTurn();
        deliver(group, Priority.NORMAL, 2);
        endTurn();
        deliver(group, Priority.URGENT, 1);
        endTurn();
        assertThat(sink.ids()).containsExactly(1_001L);
        sink.complete();
        endTurn();
        assertThat(sink.ids()).containsExactly(1_001L, 1_004L, 1_002L, 1_003L);
        assertThat(sink.writes).hasSize(2);
    }

    @Test
    void whenQueueOverflowsThenNormalEventsAreShedAndResetComesFirst() {
        RecordingSink sink = open(group);
        sink.stalled = true;
        deliver(group, Priority.NORMAL, 1);
        endTurn();
        deliver(group, Priority.HIGH, 1);
        for (int i = 0; i < 200; i++) {
            deliver(group, Priority.NORMAL, 1);
            endTurn();
        }
        sink.complete();
        endTurn();
        assertThat(sink.writes.get(1)).startsWith("event: sse.reset\ndata: {\"reason\":\"overflow\"}\n\nevent: t\n");
        assertThat(sink.ids()).startsWith(1_001L, 1_002L);
        assertThat(sink.text()).containsOnlyOnce("sse.reset");
        assertThat(registry.get(MeterNames.EVENTS_DROPPED).tag("reason", "overflow").counter().count()).isPositive();
        assertThat(closed).isEmpty();
    }

    @Test
    void whenWhatMayNotBeShedOverflowsThenTheStreamIsClosed() {
        RecordingSink sink = open(group);
        RecordingSink healthy = open(group);
        sink.stalled = true;
        for (int i = 0; i < 200; i++) {
            deliver(group, Priority.URGENT, 1);
            endTurn();
        }
        assertThat(closed).containsExactly(CloseReason.SLOW_CONSUMER);
        assertThat(sink.isClosed).isTrue();
        assertThat(healthy.ids()).hasSize(200);
        assertThat(group.members(0).size()).isEqualTo(1);
    }

    @Test
    void whenAPeerTakesNothingForTheSendTimeoutThenItIsClosed() {
        RecordingSink stalled = open(group);
        RecordingSink slow = open(group);
        stalled.stalled = true;
        slow.stalled = true;
        deliver(group, Priority.NORMAL, 1);
        long start = System.nanoTime();
        streams.endTurn(start);
        slow.left--;
        streams.endTurn(start + Duration.ofSeconds(3).toNanos());
        streams.endTurn(start + Duration.ofSeconds(6).toNanos());
        assertThat(closed).containsExactly(CloseReason.SLOW_CONSUMER);
        assertThat(stalled.isClosed).isTrue();
        assertThat(slow.isClosed).isFalse();
    }

    @Test
    void whenATransportFailsUnexpectedlyThenOnlyItsStreamIsClosedAndNoneGetsAnythingTwice() {
        RecordingSink first = open(group);
        RecordingSink faulty = open(group);
        RecordingSink last = open(group);
        faulty.isFaulty = true;
        deliver(group, Priority.NORMAL, 2);
        endTurn();
        endTurn();
        assertThat(List.of(first.ids(), last.ids())).containsOnly(List.of(1_001L, 1_002L));
        assertThat(faulty.isClosed).isTrue();
        assertThat(closed).hasSize(1);
    }

    @Test
    void whenExpiredThenNeitherWrittenAtOnceNorFromTheQueueNorReplayed() {
        RecordingSink sink = open(group);
        now = 500;
        streams.deliver(new EncodedEvent(event(1_001, Priority.NORMAL, true, 500)), group);
        streams.deliver(new EncodedEvent(event(1_002, Priority.NORMAL, true, 501)), group);
        endTurn();
        assertThat(sink.ids()).containsExactly(1_002L);
        sink.stalled = true;
        streams.deliver(new EncodedEvent(event(1_003, Priority.NORMAL, true, 0)), group);
        endTurn();
        streams.deliver(new EncodedEvent(event(1_004, Priority.NORMAL, true, 600)), group);
        endTurn();
        now = 600;
        sink.complete();
        endTurn();
        assertThat(sink.ids()).containsExactly(1_002L, 1_003L);
        assertThat(registry.get(MeterNames.EVENTS_DROPPED).tag("reason", "expired").counter().count()).isEqualTo(2);
    }

    @Test
    void whenTheUnreadCountChangesThenStreamsThatAskedAreToldOnce() {
        Stream stream = register(RunningStreams.options(List.of(), 1, true), user);
        RecordingSink sink = new RecordingSink(stream);
        openAt(stream, sink, 1_000);
        RecordingSink other = open(user);
        streams.unread(user, 3);
        streams.unread(user, 3);
        streams.unread(user, 2);
        endTurn();
        assertThat(sink.text()).isEqualTo("event: sse.unread\ndata: {\"unread\":3}\n\nevent: sse.unread\ndata: {\"unread\":2}\n\n");
        assertThat(other.text()).isEmpty();
    }

    @Test
    void whenQuietThenHeartbeatCarriesTheProbeAndNeverGoesBack() {
        RecordingSink sink = open(group);
        deliver(group, Priority.NORMAL, 1);
        streams.probe(900);
        long start = System.nanoTime();
        streams.endTurn(start);
        streams.endTurn(start + Duration.ofSeconds(28).toNanos());
        assertThat(sink.writes.getLast()).isEqualTo(":\n\n");
        streams.probe(2_000);
        streams.endTurn(start + Duration.ofSeconds(56).toNanos());
        assertThat(sink.writes.getLast()).isEqualTo(":\nid: 2000\n\n");
    }

    @Test
    void whenNodeStopsThenEveryStreamIsToldAndClosed() {
        RecordingSink first = open(group);
        RecordingSink second = open(user);
        streams.sendAwayAll(CloseReason.DRAIN, new RetryDelay(Duration.ofSeconds(1), Duration.ofSeconds(2)));
        assertThat(first.text()).contains("event: sse.goaway\ndata: {\"reason\":\"drain\",\"retry_ms\":1");
        assertThat(List.of(first.isClosed, second.isClosed)).containsOnly(true);
        assertThat(closed).containsExactly(CloseReason.DRAIN, CloseReason.DRAIN);
    }

    /** Whatever the order of openings, closings, stalls and events: every stream gets what was for it, once, in order of its class. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whenEverythingHappensAtRandomThenEachStreamGetsExactlyItsEvents(long seed) {
        Random random = new Random(seed);
        List<Topic> topics = List.of(group, user, new Topic(Target.BROADCAST, 1));
        Map<Integer, Subject> subjects = new TreeMap<>();
        for (int step = 0; step < 5_000; step++) {
            switch (random.nextInt(10)) {
                case 0 -> subjects.putIfAbsent(random.nextInt(40), openSubject(topics.subList(0, 1 + random.nextInt(3))));
                case 1 -> closeOne(subjects.remove(random.nextInt(40)));
                case 2 -> subjects.values().stream().skip(random.nextInt(40)).findFirst().ifPresent(s -> s.sink.stalled = true);
                case 3 -> subjects.values().stream().skip(random.nextInt(40)).findFirst().ifPresent(s -> s.sink.complete());
                case 4, 5 -> endTurn();
                default -> deliverTo(topics.get(random.nextInt(3)), Priority.ofLevel(random.nextInt(10) / 8), subjects);
            }
            if (step % 50 == 0) {
                endTurn();
                subjects.values().forEach(subject -> subject.sink.complete());
                endTurn();
                subjects.values().forEach(subject -> subject.check(seed));
            }
        }
    }

    private Subject openSubject(List<Topic> topics) {
        Stream stream = register(topics.toArray(Topic[]::new));
        RecordingSink sink = new RecordingSink(stream);
        openAt(stream, sink, nextId);
        return new Subject(stream, sink, topics, new ArrayList<>());
    }

    private void closeOne(@Nullable Subject subject) {
        if (subject != null) {
            streams.close(subject.stream, CloseReason.CLIENT);
            assertThat(subject.sink.isClosed).isTrue();
        }
    }

    private void deliverTo(Topic topic, Priority priority, Map<Integer, Subject> subjects) {
        deliver(topic, priority, 1);
        subjects.values().stream().filter(s -> s.topics.contains(topic)).forEach(s -> s.expected.add(nextId));
    }

    private record Subject(Stream stream, RecordingSink sink, List<Topic> topics, List<Long> expected) {
        void check(long seed) {
            assertThat(sink.ids()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
            sink.writes.clear();
            expected.clear();
        }
    }
}
