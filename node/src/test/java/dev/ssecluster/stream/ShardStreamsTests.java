package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the shard's work on the test's own thread. */
class ShardStreamsTests {

    private static final StreamProperties PROPERTIES = new StreamProperties(Duration.ofSeconds(30), Duration.ofSeconds(90),
            Duration.ofSeconds(5), DataSize.ofKilobytes(4), 1000, 100, Duration.ofSeconds(1), Duration.ofSeconds(5),
            1, 100, DataSize.ofKilobytes(64));

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final List<CloseReason> closed = new ArrayList<>();
    private final List<Served> served = new ArrayList<>();
    private long now = 1;
    private final ShardStreams streams =
            new ShardStreams(0, PROPERTIES, new StreamMeters(registry), () -> now, (_, reason) -> closed.add(reason), served::add);
    private final Shard shard = new Shard(0, streams);
    private final Topic group = new Topic(Target.group("g"), 1);
    private final Topic user = new Topic(Target.user("u"), 1);
    private long nextId = 1_000;

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
        assertThat(sink.writes.get(1)).startsWith("event: sse.reset\ndata: {\"reason\":\"overflow\"}\n\nevent: t\nid: 1002");
        assertThat(sink.text()).containsOnlyOnce("sse.reset");
        assertThat(registry.get(StreamMeters.DROPPED).tag("reason", "overflow").counter().count()).isPositive();
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
        streams.gap(ResetReason.HISTORY_LOST, List.of(group));
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
        assertThat(registry.get(StreamMeters.DROPPED).tag("reason", "expired").counter().count()).isEqualTo(2);
    }

    @Test
    void whenAPersistedEventWasWrittenThenServedIsReportedOnceUpToIt() {
        RecordingSink sink = openOwned(900);
        deliver(user, Priority.NORMAL, 1);
        endTurn();
        streams.reportServed();
        assertThat(served).isEmpty();
        streams.deliver(new EncodedEvent(event(++nextId, Priority.NORMAL, true, 0)), group);
        endTurn();
        streams.reportServed();
        streams.reportServed();
        assertThat(served).containsExactly(new Served(List.of(user.target()), Cursor.at(900), Cursor.at(nextId)));
        assertThat(sink.ids()).hasSize(2);
    }

    @Test
    void whenTheStoreWasUnavailableForAGapThenWhatWasServedBeforeCountsNoMore() {
        openOwned(900);
        streams.deliver(new EncodedEvent(event(1_001, Priority.NORMAL, true, 0)), group);
        endTurn();
        streams.gap(ResetReason.STORE_UNAVAILABLE, List.of(user));
        streams.reportServed();
        assertThat(served).isEmpty();
        streams.deliver(new EncodedEvent(event(1_005, Priority.NORMAL, true, 0)), group);
        endTurn();
        streams.reportServed();
        assertThat(served).containsExactly(new Served(List.of(user.target()), Cursor.at(1_005), Cursor.at(1_005)));
    }

    @Test
    void whenTheUnreadCountChangesThenStreamsThatAskedAreToldOnce() {
        Stream stream = register(new StreamOptions(List.of(), 1, false, false, true), user);
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
        streams.drain(new RetryDelay(Duration.ofSeconds(1), Duration.ofSeconds(2)));
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

    /** A stream of {@code user} that begins at {@code from}. */
    private RecordingSink openOwned(long from) {
        Stream stream = register(new StreamOptions(List.of(), 1, false, false, false), user, group);
        RecordingSink sink = new RecordingSink(stream);
        streams.begin(stream, Cursor.at(from), Cursor.at(from), nextId);
        streams.goLive(stream);
        streams.open(stream, sink);
        return sink;
    }

    private Stream register(Topic... topics) {
        return register(new StreamOptions(List.of(), 0, false, false, false), topics);
    }

    private Stream register(StreamOptions options, Topic... topics) {
        Stream stream = new Stream(shard, Arrays.asList(topics), options);
        streams.register(stream);
        return stream;
    }

    private RecordingSink open(Topic... topics) {
        Stream stream = register(topics);
        RecordingSink sink = new RecordingSink(stream);
        openAt(stream, sink, nextId);
        return sink;
    }

    private void openAt(Stream stream, RecordingSink sink, long fence) {
        streams.begin(stream, Cursor.at(fence), Cursor.at(fence), fence);
        streams.goLive(stream);
        streams.open(stream, sink);
    }

    private Event event(long id, Priority priority, boolean persisted, long expiresAt) {
        return new Event(id, group.target(), priority, persisted, expiresAt, "t", "1".getBytes(StandardCharsets.UTF_8));
    }

    private CompletableFuture<Boolean> replay(Stream stream, Event... part) {
        CompletableFuture<Boolean> room = new CompletableFuture<>();
        streams.replay(stream, Arrays.stream(part).map(EncodedEvent::new).toList(), room);
        return room;
    }

    private void deliver(Topic topic, Priority priority, int events) {
        for (int i = 0; i < events; i++) {
            byte[] data = "\"0123456789012345678901234567890123456789\"".getBytes(StandardCharsets.UTF_8);
            streams.deliver(new EncodedEvent(new Event(++nextId, topic.target(), priority, false, 0, "t", data)), topic);
        }
    }

    private void endTurn() {
        while (streams.endTurn(System.nanoTime())) {
            assertThat(nextId).isPositive(); // a stalled stream is not dirty, so this ends
        }
    }

    /** Stands for a peer that takes everything, or nothing until told. */
    private final class RecordingSink implements Sink {

        private final Stream stream;
        private final List<String> writes = new ArrayList<>();
        private boolean stalled;
        private boolean writing;
        private boolean isClosed;
        private boolean isFaulty;
        private int left;

        private RecordingSink(Stream stream) {
            this.stream = stream;
        }

        @Override
        public boolean write(ByteBuffer block) {
            assertThat(writing).as("a write while another is pending").isFalse();
            if (isFaulty) {
                throw new IllegalStateException("a fault of the transport");
            }
            writes.add(StandardCharsets.UTF_8.decode(block).toString());
            writing = stalled;
            left = 100;
            return !stalled;
        }

        void complete() {
            stalled = false;
            if (writing) {
                writing = false;
                streams.written(stream);
            }
        }

        @Override
        public int unwritten() {
            return left;
        }

        @Override
        public void close() {
            isClosed = true;
        }

        String text() {
            return String.join("", writes);
        }

        List<Long> ids() {
            return text().lines().filter(line -> line.startsWith("id: "))
                    .map(line -> Long.parseLong(line.substring(4).split("~", 2)[0])).toList();
        }
    }
}
