package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
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
import java.util.concurrent.CompletableFuture;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/** One shard, whose work the test's own thread runs, and peers that do as they are told. */
abstract class ShardFixture {

    private static final DataSize SMALL_QUEUE = DataSize.ofKilobytes(4);

    final MeterRegistry registry = new SimpleMeterRegistry();
    final List<CloseReason> closed = new ArrayList<>();
    final List<Served> served = new ArrayList<>();
    long now = 1;
    final ShardStreams streams;
    final Shard shard;
    final Topic group = new Topic(Target.group("g"), 1);
    final Topic user = new Topic(Target.user("u"), 1);
    long nextId = 1_000;

    ShardFixture() {
        this(SMALL_QUEUE);
    }

    ShardFixture(DataSize queue) {
        StreamProperties properties = new StreamProperties(Duration.ofSeconds(30), Duration.ofSeconds(90), Duration.ofSeconds(5), queue,
                1000, 100, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5), 1, 100, DataSize.ofKilobytes(64));
        streams = new ShardStreams(0, properties, new StreamMeters(registry, 1000), () -> now, (_, reason) -> closed.add(reason), served::add);
        shard = new Shard(0, streams);
    }

    /** A stream of {@code user} that begins at {@code from}. */
    RecordingSink openOwned(long from) {
        Stream stream = register(RunningStreams.options(List.of(), 1, false), user, group);
        RecordingSink sink = new RecordingSink(stream);
        streams.begin(stream, Cursor.at(from), Cursor.at(from), nextId);
        streams.goLive(stream);
        streams.open(stream, sink);
        return sink;
    }

    Stream register(Topic... topics) {
        return register(RunningStreams.options(List.of(), 0, false), topics);
    }

    Stream register(StreamOptions options, Topic... topics) {
        Stream stream = new Stream(shard, Arrays.asList(topics), options, StreamOptions.NEVER);
        streams.register(stream);
        return stream;
    }

    RecordingSink open(Topic... topics) {
        Stream stream = register(topics);
        RecordingSink sink = new RecordingSink(stream);
        openAt(stream, sink, nextId);
        return sink;
    }

    void openAt(Stream stream, RecordingSink sink, long fence) {
        streams.begin(stream, Cursor.at(fence), Cursor.at(fence), fence);
        streams.goLive(stream);
        streams.open(stream, sink);
    }

    Event event(long id, Priority priority, boolean persisted, long expiresAt) {
        return new Event(id, group.target(), priority, persisted, expiresAt, "t", "1".getBytes(StandardCharsets.UTF_8));
    }

    CompletableFuture<Boolean> replay(Stream stream, Event... part) {
        CompletableFuture<Boolean> room = new CompletableFuture<>();
        streams.replay(stream, Arrays.stream(part).map(EncodedEvent::new).toList(), room);
        return room;
    }

    void deliver(Topic topic, Priority priority, int events) {
        for (int i = 0; i < events; i++) {
            byte[] data = "\"0123456789012345678901234567890123456789\"".getBytes(StandardCharsets.UTF_8);
            streams.deliver(new EncodedEvent(new Event(++nextId, topic.target(), priority, false, 0, "t", data)), topic);
        }
    }

    void endTurn() {
        while (streams.endTurn(System.nanoTime())) {
            assertThat(nextId).isPositive(); // a stalled stream is not dirty, so this ends
        }
    }

    /** Stands for a peer that takes everything, or nothing until told. */
    final class RecordingSink implements Sink {

        final Stream stream;
        final List<String> writes = new ArrayList<>();
        boolean stalled;
        boolean writing;
        boolean isClosed;
        boolean isFaulty;
        int left;

        RecordingSink(Stream stream) {
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
