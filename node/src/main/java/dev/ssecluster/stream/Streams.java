package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventSink;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * All streams of this node. What the backplane hands over is encoded once and put into the inboxes of the shards that have
 * streams for it. Thread-safe; nothing here blocks, except {@link #stop}.
 */
@Component
public class Streams implements EventSink, SmartLifecycle {

    private static final long STOP_MILLIS = 5_000;

    private final StreamProperties properties;
    private final StreamMeters meters;
    private final List<Shard> shards = new ArrayList<>();
    private final ConcurrentHashMap<Target, Topic> topics = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger nextShard = new AtomicInteger();
    private volatile Consumer<Collection<Target>> onClosed = targets -> {};
    private volatile boolean running;

    Streams(StreamProperties properties, MeterRegistry registry) {
        this.properties = properties;
        this.meters = new StreamMeters(registry);
        for (int i = 0; i < properties.shardCount(); i++) {
            shards.add(new Shard(i, new ShardStreams(i, properties, meters, this::closed)));
        }
        start();
    }

    /** Names who is told the targets of each stream that has ended, once for each; called by the shards' threads. */
    public void onClosed(Consumer<Collection<Target>> listener) {
        onClosed = listener;
    }

    /**
     * Registers a stream: events for its targets queue from now on. It must then be handed over or {@linkplain #abandon
     * abandoned}.
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
        shard.post(owner -> owner.register(stream));
        return Optional.of(stream);
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
        onClosed.accept(targets);
    }

    @Override
    public void onEvent(Event event) {
        Topic topic = topics.get(event.target());
        if (topic == null) {
            return; // the last stream has gone, the channel has not yet
        }
        if (event.data().length > ShardStreams.LARGEST_DATA || !SseEncoder.isFieldValue(event.type())) {
            meters.unwritable(); // no publisher of ours sends this
            return;
        }
        deliver(new EncodedEvent(event), topic);
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
    public void onGap(ResetReason reason, Collection<Target> targets) {
        List<Topic> concerned = targets.stream().map(topics::get).filter(Objects::nonNull).toList();
        shards.forEach(shard -> shard.post(owner -> owner.gap(reason, concerned)));
    }

    @Override
    public void onUnreadChanged(String user) {}

    /** Runs from the beginning, because the web server's lifecycle begins before this one's; only stopping has its order. */
    @Override
    public final void start() {
        if (!running) {
            running = true;
            shards.forEach(Shard::start);
        }
    }

    /** Sends all streams away and waits until the shards have done so. */
    @Override
    public void stop() {
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

    @Override
    public boolean isRunning() {
        return running;
    }
}
