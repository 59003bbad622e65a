package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.EventSink;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * All streams of this node. What the backplane hands over is encoded once and put into the inboxes of the shards that have
 * streams for it. Thread-safe; nothing here blocks, except {@link #stop}. Futures complete, and listeners are called, on the shards'
 * threads unless it says otherwise: what hangs on them must not block either.
 */
@Component
public class Streams implements EventSink {

    private final StreamProperties properties;
    private final StreamMeters meters;
    final Shards shards;
    final Topics topics;
    final Delivery delivery;
    private final AtomicInteger count = new AtomicInteger();
    private final ConcurrentHashMap<String, Integer> unreadUsers = new ConcurrentHashMap<>();
    private final Listeners<Stream> onRegistered = new Listeners<>();
    private final Listeners<Stream> onClosed = new Listeners<>();
    private final Listeners<Served> onServed = new Listeners<>();
    private final Listeners<String> onUnread = new Listeners<>();
    private volatile boolean running = true; // from the beginning: the first request may come before any lifecycle begins

    Streams(StreamProperties properties, EventClock clock, MeterRegistry registry) {
        this.properties = properties;
        this.meters = new StreamMeters(registry, properties.maxStreams());
        this.topics = new Topics(properties.shardCount());
        this.shards = new Shards(properties.shardCount(),
                index -> new ShardStreams(index, properties, meters, clock, (stream, _) -> closed(stream), onServed::tell));
        this.delivery = new Delivery(shards, topics, meters);
    }

    /** Has the listener told each stream that is registered, before anything happens to it, by the thread that registers it. */
    public void onRegistered(Consumer<Stream> listener) {
        onRegistered.add(listener);
    }

    /** Has the listener told each stream that was registered and has ended, once. */
    public void onClosed(Consumer<Stream> listener) {
        onClosed.add(listener);
    }

    /** Has the listener told what streams have served. */
    public void onServed(Consumer<Served> listener) {
        onServed.add(listener);
    }

    /** Has the listener told users whose unread count may have changed and has to be {@linkplain #unread told}, by any thread. */
    public void onUnread(Consumer<String> listener) {
        onUnread.add(listener);
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
        Shard shard = shards.next();
        List<Topic> named = options.targets().stream().map(target -> topics.retain(target, shard.index())).toList();
        Stream stream = new Stream(shard, named, options, end());
        if (options.unread()) {
            unreadUsers.merge(options.targets().getFirst().name(), 1, Integer::sum);
        }
        onRegistered.tell(stream);
        shard.post(owner -> owner.register(stream));
        return Optional.of(stream);
    }

    /** When a stream that is registered now is old; some a little earlier, so that they do not all end together. */
    private long end() {
        long most = properties.maxLifetime().toNanos();
        return most == 0 ? StreamOptions.NEVER : System.nanoTime() + ThreadLocalRandom.current().nextLong(most / 10 * 9, most + 1);
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
        List<EncodedEvent> encoded = delivery.encode(part);
        CompletableFuture<Boolean> room = new CompletableFuture<>();
        stream.shard().post(owner -> owner.replay(stream, encoded, room));
        return room;
    }

    /** All of the replay was given: what was sent since the fence follows. */
    public void goLive(Stream stream) {
        stream.shard().post(owner -> owner.goLive(stream));
    }

    /** Whether, from now on, it counts for nothing what this stream serves its owners, because it does not get all that is theirs. */
    public void serveNothing(Stream stream, boolean nothing) {
        stream.shard().post(_ -> stream.serveNothing(nothing));
    }

    /** Ends a stream in a way from which its client comes back by itself, after {@code retryMillis}. */
    public void sendAway(Stream stream, CloseReason reason, long retryMillis) {
        stream.shard().post(owner -> owner.sendAway(stream, reason, retryMillis));
    }

    /** The same, unless it is still about to be opened. */
    void sendAwayIfOpen(Stream stream, CloseReason reason, long retryMillis) {
        stream.shard().post(owner -> {
            if (stream.isOpen()) {
                owner.sendAway(stream, reason, retryMillis);
            }
        });
    }

    /**
     * Ends all streams of that target.
     *
     * @param retry when each client is to come back
     * @return completes when they are closed, with how many were open or about to be opened
     */
    public CompletableFuture<Integer> closeAll(Target target, CloseReason reason, RetryDelay retry) {
        return ask(target, (owner, topic) -> owner.sendAway(topic, reason, retry))
                .thenApply(closed -> closed.stream().mapToInt(Integer::intValue).sum());
    }

    /** The streams of that target that are open or about to be opened. */
    public CompletableFuture<List<Stream>> of(Target target) {
        return ask(target, ShardStreams::of).thenApply(Shards::flat);
    }

    /** Asks the shards that may have streams of that target. */
    <T> CompletableFuture<List<T>> ask(Target target, BiFunction<ShardStreams, Topic, T> question) {
        Topic topic = topics.find(target);
        return topic == null ? CompletableFuture.completedFuture(List.of())
                : shards.ask(topic, owner -> question.apply(owner, topic));
    }

    /** All streams that are open or about to be opened. */
    CompletableFuture<List<Stream>> all() {
        return shards.ask(ShardStreams::all).thenApply(Shards::flat);
    }

    /**
     * Has each shard hand over those of its streams that belong to one of so many equal parts of all; a stream stays in its part.
     *
     * @param slice from 0 to {@code slices} - 1
     */
    public void visit(int slice, int slices, Consumer<List<StreamInfo>> visitor) {
        shards.post(owner -> visitor.accept(owner.infos(slice, slices)));
    }

    /** The names of the targets of that kind that a stream here listens to. */
    public Set<String> names(Target.Kind kind) {
        return topics.names(kind);
    }

    /** How many targets of that kind a stream here listens to. */
    public int count(Target.Kind kind) {
        return topics.count(kind);
    }

    /** Tells the user's streams that asked for it how many unread messages there are. */
    public void unread(String user, int count) {
        Topic topic = topics.find(Target.user(user));
        if (topic != null) {
            shards.post(owner -> owner.unread(topic, count));
        }
    }

    /** Whether a stream of the user's here is told the count. */
    public boolean tellsUnread(String user) {
        return unreadUsers.containsKey(user);
    }

    /** Has every stream report what it has served since its last report. */
    public void reportServed() {
        shards.post(owner -> owner.reportServed(System.nanoTime()));
    }

    /** Events, and what else tells how far they have come, were heard up to this id: about the time at which this node heard last. */
    public long heardUpTo() {
        return delivery.heard().id();
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

    private void closed(Stream stream) {
        List<Target> targets = stream.targets();
        targets.forEach(topics::release);
        if (stream.wantsUnread()) {
            unreadUsers.computeIfPresent(targets.getFirst().name(), (user, streams) -> streams == 1 ? null : streams - 1);
        }
        try {
            onClosed.tell(stream);
        } finally {
            count.decrementAndGet(); // last: when none is left, all listeners know
        }
    }

    @Override
    public void onEvent(Event event) {
        delivery.onEvent(event);
    }

    @Override
    public void onProbe(long id) {
        delivery.onProbe(id);
    }

    @Override
    public void onGap(ResetReason reason, long persistedUpTo, Collection<Target> targets) {
        delivery.onGap(reason, persistedUpTo, targets);
    }

    @Override
    public void onUnreadChanged(String user) {
        if (tellsUnread(user)) {
            onUnread.tell(user);
        }
    }

    /** Whether streams are taken. */
    public boolean isRunning() {
        return running;
    }

    /** From now on no stream is taken. For {@link Drain}. */
    void refuse() {
        running = false;
    }

    StreamMeters meters() {
        return meters;
    }

    /** When a client that is sent away is to come back. */
    RetryDelay retry() {
        return new RetryDelay(properties.retryMin(), properties.retryMax());
    }

    /** Sends all streams away and waits until the shards have done so. */
    void stop() {
        running = false;
        RetryDelay retry = retry();
        shards.post(owner -> owner.sendAwayAll(CloseReason.DRAIN, retry));
        shards.stop();
    }
}
