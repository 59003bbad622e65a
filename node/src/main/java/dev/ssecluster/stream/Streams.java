package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.EventSink;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * All streams of this node. What the backplane hands over is encoded once and put into the inboxes of the shards that have
 * streams for it. Thread-safe; nothing here blocks, except {@link #stop}.
 */
@Component
public class Streams implements EventSink {

    private static final long STOP_MILLIS = 5_000;

    private final StreamProperties properties;
    private final StreamMeters meters;
    private final List<Shard> shards = new ArrayList<>();
    private final ConcurrentHashMap<Target, Topic> topics = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger nextShard = new AtomicInteger();
    private final Encodings encodings = new Encodings();
    private final ConcurrentHashMap<String, Integer> unreadUsers = new ConcurrentHashMap<>();
    private volatile Consumer<Collection<Target>> onClosed = targets -> {};
    private volatile Consumer<Served> onServed = served -> {};
    private volatile Consumer<String> onUnread = user -> {};
    private volatile boolean running = true; // from the beginning: the first request may come before any lifecycle begins

    Streams(StreamProperties properties, EventClock clock, MeterRegistry registry) {
        this.properties = properties;
        this.meters = new StreamMeters(registry);
        for (int i = 0; i < properties.shardCount(); i++) {
            shards.add(new Shard(i, new ShardStreams(i, properties, meters, clock, this::closed, this::served)));
        }
        shards.forEach(Shard::start);
    }

    /** Names who is told the targets of each stream that has ended, once for each; called by the shards' threads. */
    public void onClosed(Consumer<Collection<Target>> listener) {
        onClosed = listener;
    }

    /** Names who is told what streams have served; called by the shards' threads. */
    public void onServed(Consumer<Served> listener) {
        onServed = listener;
    }

    /** Names who is told users whose unread count may have changed and has to be {@linkplain #unread told}; must not block. */
    public void onUnread(Consumer<String> listener) {
        onUnread = listener;
    }

    /**
     * Registers a stream: events for its targets are held back from now on. It must then {@link #begin} and be handed over, or
     * be {@linkplain #abandon abandoned}.
     *
     * @return empty when this node is full or stopping
     */
    public Optional<Stream> register(StreamOptions options) {
        if (!running || !countIn()) {
            return Optional.empty();
        }
        Shard shard = shards.get(Math.floorMod(nextShard.getAndIncrement(), shards.size()));
        List<Topic> joined = new ArrayList<>(options.targets().size());
        for (Target target : options.targets()) {
            Topic topic = retain(target);
            topic.announce(shard.index());
            joined.add(topic);
        }
        Stream stream = new Stream(shard, joined, options);
        if (options.unread()) {
            unreadUsers.merge(options.targets().getFirst().name(), 1, Integer::sum);
        }
        shard.post(owner -> owner.register(stream));
        return Optional.of(stream);
    }

    /**
     * Says where the stream begins. Live events up to {@code fence} are not delivered to it.
     *
     * @param start what its client has already
     * @param servedFrom where that which this stream serves its owners without a gap begins
     */
    public void begin(Stream stream, Cursor start, Cursor servedFrom, long fence) {
        stream.shard().post(owner -> owner.begin(stream, start, servedFrom, fence));
    }

    /**
     * Queues a part of the replay. Ids ascend, within the part and from part to part.
     *
     * @return completes when nothing waits any more, so that the next part may follow: with whether the stream goes on
     */
    public CompletableFuture<Boolean> replay(Stream stream, List<Event> part) {
        List<EncodedEvent> encoded = part.stream().filter(this::isWritable).map(encodings::of).toList();
        CompletableFuture<Boolean> room = new CompletableFuture<>();
        stream.shard().post(owner -> owner.replay(stream, encoded, room));
        return room;
    }

    /** All of the replay was given: what was sent since the fence follows. */
    public void goLive(Stream stream) {
        stream.shard().post(owner -> owner.goLive(stream));
    }

    /** Ends a stream in a way from which its client comes back by itself, after {@code retryMillis}. */
    public void sendAway(Stream stream, CloseReason reason, long retryMillis) {
        stream.shard().post(owner -> owner.sendAway(stream, reason, retryMillis));
    }

    /** Tells the user's streams that asked for it how many unread messages there are. */
    public void unread(String user, int count) {
        Topic topic = topics.get(Target.user(user));
        if (topic != null) {
            shards.forEach(shard -> shard.post(owner -> owner.unread(topic, count)));
        }
    }

    /** Whether a stream of the user's here is told the count. */
    public boolean tellsUnread(String user) {
        return unreadUsers.containsKey(user);
    }

    /** Has every stream report what it has served since its last report. */
    public void reportServed() {
        shards.forEach(shard -> shard.post(owner -> owner.reportServed(System.nanoTime())));
    }

    /** Ends a stream whose exchange failed, before or after it was opened. Harmless when it has ended already. */
    public void abandon(Stream stream) {
        stream.shard().close(stream, CloseReason.NOT_OPENED);
    }

    /** Streams registered now, whether open already or about to be. */
    public int count() {
        return count.get();
    }

    private boolean countIn() {
        int before = count.getAndUpdate(streams -> Math.min(streams + 1, properties.maxStreams()));
        return before < properties.maxStreams();
    }

    /** Whether another stream would be refused. */
    public boolean isFull() {
        return count.get() >= properties.maxStreams();
    }

    private Topic retain(Target target) {
        Topic retained = topics.compute(target,
                (key, topic) -> (topic == null ? new Topic(key, shards.size()) : topic).retain());
        return Objects.requireNonNull(retained);
    }

    private void closed(Stream stream, CloseReason reason) {
        List<Target> targets = stream.targets();
        for (Target target : targets) {
            topics.computeIfPresent(target, (key, topic) -> topic.release());
        }
        count.decrementAndGet();
        if (stream.wantsUnread()) {
            unreadUsers.computeIfPresent(targets.getFirst().name(), (user, streams) -> streams == 1 ? null : streams - 1);
        }
        onClosed.accept(targets);
    }

    @Override
    public void onEvent(Event event) {
        Topic topic = topics.get(event.target());
        if (topic == null) {
            return; // the last stream has gone, the channel has not yet
        }
        if (isWritable(event)) {
            deliver(new EncodedEvent(event), topic);
        }
    }

    /** No publisher of ours sends anything else. */
    private boolean isWritable(Event event) {
        boolean writable = event.data().length <= ShardStreams.LARGEST_DATA && SseEncoder.isFieldValue(event.type());
        if (!writable) {
            meters.unwritable();
        }
        return writable;
    }

    private void deliver(EncodedEvent encoded, Topic topic) {
        long mask = topic.shardMask();
        for (Shard shard : shards) {
            if ((mask >> shard.index() & 1) != 0) {
                shard.post(owner -> owner.deliver(encoded, topic));
            }
        }
    }

    @Override
    public void onProbe(long id) {
        shards.forEach(shard -> shard.post(owner -> owner.probe(id)));
    }

    @Override
    public void onGap(ResetReason reason, long persistedUpTo, Collection<Target> targets) {
        List<Topic> concerned = targets.stream().map(topics::get).filter(Objects::nonNull).toList();
        shards.forEach(shard -> shard.post(owner -> owner.gap(reason, persistedUpTo, concerned)));
    }

    @Override
    public void onUnreadChanged(String user) {
        if (tellsUnread(user)) {
            onUnread.accept(user);
        }
    }

    private void served(Served served) {
        onServed.accept(served);
    }

    /** Sends all streams away and waits until the shards have done so. For {@link StreamsLifecycle}. */
    void stop() {
        running = false;
        RetryDelay delay = new RetryDelay(properties.retryMin(), properties.retryMax());
        shards.forEach(shard -> shard.post(owner -> owner.drain(delay)));
        try {
            for (Shard shard : shards) {
                shard.stop(STOP_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether streams are taken. */
    public boolean isRunning() {
        return running;
    }
}
