package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventSink;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.StoredEvents;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.util.unit.DataSize;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

/** A node's backplane without the rest of the node. */
final class TestNode implements AutoCloseable {

    static final BackplaneProperties FAST = new BackplaneProperties(
            Duration.ofSeconds(1),
            Duration.ofMillis(1500),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(500));
    /** As a node is by itself. */
    static final BackplaneProperties PATIENT = new BackplaneProperties(
            Duration.ofSeconds(1), Duration.ofMillis(1500), Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(3));
    static final HistoryProperties HISTORY = new HistoryProperties(Duration.ofMinutes(10), 1_000);

    static final PresenceProperties PRESENCE = new PresenceProperties(
            Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofSeconds(1), Duration.ofDays(30));
    static final NodeProperties MEMBERSHIP = new NodeProperties(Duration.ofSeconds(2), Duration.ofMillis(500), null);

    final NodeId id = NodeId.random();
    final AtomicLong highestStored = new AtomicLong();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final RedisBackplane backplane;
    private final RedisConnector connector;

    TestNode(DataRedisConnectionDetails redis, EventSink sink) {
        this(redis, sink, FAST, publishing(Duration.ofMillis(1500)));
    }

    TestNode(DataRedisConnectionDetails redis, EventSink sink, BackplaneProperties properties, PublishProperties publishing) {
        this(redis, sink, properties, publishing, HISTORY, null);
    }

    TestNode(
            DataRedisConnectionDetails redis,
            EventSink sink,
            BackplaneProperties properties,
            PublishProperties publishing,
            HistoryProperties history,
            @Nullable StoredEvents stored) {
        this(redis, sink, properties, publishing, history, stored, PRESENCE, MEMBERSHIP);
    }

    TestNode(DataRedisConnectionDetails redis, EventSink sink, PresenceProperties presence, NodeProperties membership) {
        this(redis, sink, PATIENT, publishing(Duration.ofMillis(1500)), HISTORY, null, presence, membership);
    }

    private TestNode(
            DataRedisConnectionDetails redis,
            EventSink sink,
            BackplaneProperties properties,
            PublishProperties publishing,
            HistoryProperties history,
            @Nullable StoredEvents stored,
            PresenceProperties presence,
            NodeProperties membership) {
        connector = new RedisConnector(redis, id, properties.connectTimeout());
        backplane = new RedisBackplane(
                connector,
                id,
                sink,
                new RedisClock(),
                properties,
                publishing,
                history,
                new JournalProperties(100_000),
                new UnreadProperties(Duration.ofHours(24)),
                presence,
                membership,
                stored == null ? new StoreAway(highestStored) : stored,
                new BackplaneMeters(meters));
        backplane.start();
    }

    static PublishProperties publishing(Duration timeout) {
        return new PublishProperties(timeout, 10_000, 128, DataSize.ofMegabytes(1));
    }

    TestNode awaitReady() {
        await().pollInterval(Duration.ofMillis(5)).until(backplane::isReady);
        return this;
    }

    void acquire(Target... targets) {
        get(backplane.acquire(List.of(targets)));
    }

    PublishResult send(Target target, String data) {
        return get(backplane.publish(List.of(message(target, data, null)))).getFirst();
    }

    /** Persisted; answers with the events, as the journal has them. */
    List<Event> persist(Target... targets) {
        List<Publication> messages = List.of(targets).stream().map(TestNode::persisted).toList();
        List<PublishResult> results = get(backplane.publish(messages));
        return IntStream.range(0, results.size()).mapToObj(i -> event(results.get(i), messages.get(i))).toList();
    }

    static Event event(PublishResult result, Publication of) {
        long id = ((PublishResult.Accepted) result).id();
        return new Event(id, of.target(), of.priority(), true, 0, of.type(), of.data());
    }

    PublishResult.Accepted sendAccepted(Target target, String data) {
        return (PublishResult.Accepted) send(target, data);
    }

    static Publication message(Target target, String data, Publication.@Nullable IdempotencyKey key) {
        return new Publication(target, "note", Priority.NORMAL, data.getBytes(UTF_8), false, 0, key);
    }

    static Publication persisted(Target target) {
        return new Publication(target, "note", Priority.NORMAL, "1".getBytes(UTF_8), true, 0, null);
    }

    static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        backplane.stop();
        connector.close();
    }
}
