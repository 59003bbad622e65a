package dev.ssecluster.backplane;

import dev.ssecluster.event.EventSink;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.StoredEvents;
import dev.ssecluster.event.Target;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.springframework.context.SmartLifecycle;

/**
 * The backplane on Redis, put together. Two connections: one for scripts and reads ({@link CommandLink}), one for pub/sub
 * ({@link SubscriptionLink}). One thread, the loop, runs their lives and all timers; it never blocks. Starting does not wait
 * for Redis.
 */
final class RedisBackplane implements Backplane, SmartLifecycle {

    private final Loop loop = new Loop();
    private final CommandLink commands;
    private final Channels channels;
    private final Fence fence;
    private final RedisHistory history;
    private final SubscriptionLink subscriptions;
    private final Probe probe;
    private final Publisher publisher;
    private final Requests requests;
    private final Repairs repairs;
    private final Journal journal;
    private final UnreadCache unread;
    private final Leases leases;
    private volatile boolean running;

    RedisBackplane(
            RedisConnector connector,
            NodeId node,
            EventSink sink,
            RedisClock clock,
            BackplaneProperties properties,
            PublishProperties publishing,
            HistoryProperties historyProperties,
            JournalProperties journaling,
            UnreadProperties counting,
            PresenceProperties presence,
            NodeProperties membership,
            StoredEvents stored,
            BackplaneMeters meters) {
        HighestId highest = new HighestId();
        var adopt = new AdoptScript(new HighestStored(stored::highestId));
        this.commands = new CommandLink(adopt, connector, loop, clock, highest, meters, properties.connectTimeout());
        this.channels = new Channels(node, properties, loop);
        this.fence = new Fence(commands, highest, loop, properties);
        this.history = new RedisHistory(commands, clock, highest, meters, loop, historyProperties, properties);
        Scripts scripts = new Scripts(commands, properties.subscribeTimeout());
        this.journal = new RedisJournal(scripts, node, meters);
        var persisted = new PersistedEvents(journal::read, stored);
        this.requests = new Requests(node, asking(new AskScript(scripts), clock, properties.subscribeTimeout()), this::answer, meters);
        var handover = new Handover(sink, requests, highest, channels::targets, meters);
        this.repairs = new Repairs(fence, history, persisted, handover, channels::targets, loop, meters);
        this.subscriptions = new SubscriptionLink(
                connector,
                commands,
                channels,
                handover,
                repairs,
                loop,
                meters,
                properties.connectTimeout());
        this.probe = new Probe(node, commands, subscriptions, clock, loop, properties, meters);
        var publish = new PublishScript(historyProperties, journaling);
        this.publisher = new Publisher(publish, commands, clock, highest, meters, loop, publishing);
        this.unread = new RedisUnreadCache(scripts, counting);
        this.leases = new RedisLeases(scripts, clock, presence, membership, historyProperties);
        this.commands.onAdopted(new EvictionPolicyCheck()::check);
        meters.observe(this::isReady, channels::size, journaling.journalLength());
    }

    Journal journal() {
        return journal;
    }

    UnreadCache unread() {
        return unread;
    }

    Leases leases() {
        return leases;
    }

    @Override
    public CompletableFuture<List<PublishResult>> publish(List<Publication> messages) {
        return publisher.publish(messages);
    }

    @Override
    public CompletableFuture<Void> acquire(Collection<Target> targets) {
        return channels.acquire(targets);
    }

    @Override
    public void release(Collection<Target> targets) {
        channels.release(targets);
    }

    @Override
    public CompletableFuture<Long> fence() {
        return fence.read();
    }

    @Override
    public CompletableFuture<Answers> ask(Target target, RequestKind kind, byte[] body, Duration timeout) {
        return requests.ask(target, kind, body, timeout);
    }

    @Override
    public void onRequest(RequestKind kind, RequestHandler handler) {
        requests.onRequest(kind, handler);
    }

    @Override
    public void beforeRepair(Supplier<CompletableFuture<Void>> step) {
        repairs.before(step);
    }

    /** Redis asks nobody at a time when nobody waits any more. */
    private static Requests.Asking asking(AskScript script, RedisClock clock, Duration longest) {
        return (target, rest, timeout) -> {
            long within = Math.min(timeout.toNanos(), longest.toNanos());
            return script.run(target, rest, clock.at(System.nanoTime() + within));
        };
    }

    private void answer(NodeId asker, byte[] frame) {
        Session session = commands.session();
        if (session != null) { // else who asked waits in vain
            var _ = session.redis().publish(Keys.node(asker), frame);
        }
    }

    /** Reads on the connection for scripts. */
    History history() {
        return history;
    }

    @Override
    public boolean isReady() {
        Subscriptions live = subscriptions.live();
        return commands.session() != null && live != null && live.inbound().probeHeard() > 0;
    }

    @Override
    public void start() {
        running = true;
        subscriptions.start(_ -> probe.send());
        commands.start();
        probe.start();
    }

    @Override
    public void stop() {
        running = false;
        publisher.stop();
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Started before and stopped after all that serves requests. */
    @Override
    public int getPhase() {
        return 0;
    }
}
