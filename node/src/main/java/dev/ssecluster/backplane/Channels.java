package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Channel.State;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which channels this node is subscribed to. Each channel is one small state machine:
 *
 * <pre>
 *            acquire                  SUBSCRIBE sent               acknowledged
 *   (none) ----------> WANTED ---------------------> SUBSCRIBING ---------------> SUBSCRIBED
 *                        ^                                                            |  no users for a while:
 *                        | acquire                                                    |  UNSUBSCRIBE sent
 *   (none) <---------- UNSUBSCRIBING <------------------------------------------------+
 *           acknowledged
 * </pre>
 *
 * <p>A channel that is acquired again before UNSUBSCRIBE was sent is still subscribed, and nothing is asked. After that, a new
 * SUBSCRIBE is sent and its own acknowledgement awaited. Redis acknowledges in the order of the commands, so the UNSUBSCRIBE's
 * comes first and finds the channel no longer in UNSUBSCRIBING. At most one SUBSCRIBE per channel is unacknowledged at a time.
 *
 * <p>SUBSCRIBEs are a group commit: while one is under way, the channels that become wanted gather, and go together in the next.
 *
 * <p>When the connection is lost, every channel with users becomes WANTED again, and acknowledgements of the old connection are
 * ignored. One lock (this) guards all state. Commands are sent only by the loop's thread: Netty runs a write at once on its own
 * event loop but queues one from elsewhere, so that with two senders a later SUBSCRIBE could overtake an UNSUBSCRIBE.
 */
final class Channels {

    /** Channels in one command; more would keep Redis from its other clients for too long. */
    private static final int BATCH = 1_000;

    private final Map<Target, Channel> table = new ConcurrentHashMap<>(); // read without the lock, for every frame
    private final Queue<Channel> wanted = new ArrayDeque<>();
    private final Lingering lingering = new Lingering();
    private final Source.Node node;
    private final ScheduledExecutorService loop;
    private final Deadlines deadlines;
    private final long timeoutNanos;

    private @Nullable Commands connection;
    private @Nullable Acquisition resubscription;
    private int unacknowledged;
    private boolean flushScheduled;

    Channels(NodeId node, BackplaneProperties properties, ScheduledExecutorService loop) {
        this.node = new Source.Node(node);
        this.loop = loop;
        this.deadlines = new Deadlines(loop);
        this.timeoutNanos = properties.subscribeTimeout().toNanos();
        sweepEvery(properties.channelLinger());
    }

    /** The connection in use. Called only by the loop's thread. */
    interface Commands {

        void subscribe(List<? extends Source> channels);

        void unsubscribe(List<? extends Source> channels);
    }

    Source.Node node() {
        return node;
    }

    /** Any thread, without a lock. */
    Source find(Target target) {
        Channel channel = table.get(target);
        return channel == null ? Source.Unknown.CHANNEL : channel;
    }

    /** What this node is subscribed to now, or will be. */
    Collection<Target> targets() {
        return List.copyOf(table.keySet());
    }

    int size() {
        return table.size();
    }

    /** See {@link Backplane#acquire}. */
    CompletableFuture<Void> acquire(Collection<Target> targets) {
        var acquisition = new Acquisition(List.copyOf(targets), System.nanoTime() + timeoutNanos, this::expire);
        boolean complete;
        synchronized (this) {
            acquisition.targets.forEach(target -> use(target, acquisition));
            complete = acquisition.missing == 0;
            scheduleFlush();
        }
        if (complete) {
            acquisition.future.complete(null);
        } else {
            deadlines.add(acquisition);
        }
        return acquisition.future;
    }

    /** See {@link Backplane#release}. */
    synchronized void release(Collection<Target> targets) {
        targets.forEach(this::unuse);
    }

    /** A new connection: subscribes this node's own channel and all that have users. Loop's thread. */
    CompletableFuture<Void> connected(Commands commands) {
        var all = new Acquisition(List.of(), 0, _ -> {});
        synchronized (this) {
            connection = commands;
            resubscription = all;
            all.missing = 1 + table.size();
            table.values().forEach(channel -> channel.await(all));
        }
        commands.subscribe(List.of(node));
        flush();
        return all.future;
    }

    /** The connection is lost. Loop's thread. */
    synchronized void disconnected() {
        connection = null;
        unacknowledged = 0;
        lingering.clear();
        wanted.clear();
        table.values().removeIf(channel -> channel.users == 0);
        table.values().forEach(Channel::forgetConnection);
        wanted.addAll(table.values());
    }

    /** An acknowledgement of SUBSCRIBE. Event loop. */
    void subscribed(Commands by, Source source) {
        complete(acknowledge(by, source));
    }

    /** An acknowledgement of UNSUBSCRIBE. Event loop. */
    synchronized void unsubscribed(Commands by, Source source) {
        if (by.equals(connection) && source instanceof Channel channel) {
            channel.unsubscribed = false;
            if (channel.state == State.UNSUBSCRIBING) {
                table.remove(channel.target, channel);
            }
        }
    }

    private void use(Target target, Acquisition acquisition) {
        Channel channel = table.get(target);
        if (channel == null) {
            channel = new Channel(target);
            table.put(target, channel);
            wanted.add(channel);
        } else if (channel.state == State.UNSUBSCRIBING) {
            channel.state = State.WANTED;
            wanted.add(channel);
        }
        channel.users++;
        if (channel.state != State.SUBSCRIBED) {
            channel.await(acquisition);
            acquisition.missing++;
        }
    }

    private void unuse(Target target) {
        Channel channel = table.get(target);
        if (channel == null || channel.users == 0) {
            throw new IllegalStateException("Released more often than acquired: " + target);
        }
        channel.users--;
        if (channel.users == 0 && channel.state == State.SUBSCRIBED) {
            lingering.add(channel);
        }
    }

    private void expire(Acquisition acquisition) {
        synchronized (this) {
            if (acquisition.missing == 0) {
                return;
            }
            acquisition.missing = 0;
            release(acquisition.targets);
        }
        acquisition.future.completeExceptionally(new BackplaneUnavailableException("Channels were not subscribed in time"));
    }

    private synchronized List<Acquisition> acknowledge(Commands by, Source source) {
        List<Acquisition> complete = new ArrayList<>();
        if (!by.equals(connection)) {
            return complete;
        }
        if (source instanceof Channel channel && channel.state == State.SUBSCRIBING) {
            channel.state = State.SUBSCRIBED;
            arrived(channel, complete);
            if (channel.users == 0) {
                lingering.add(channel);
            }
            unacknowledged--;
            scheduleFlush();
        } else if (source.equals(node) && resubscription != null) {
            arrived(resubscription, complete);
            resubscription = null;
        }
        return complete;
    }

    private static void arrived(Channel channel, List<Acquisition> complete) {
        channel.takeWaiting().forEach(acquisition -> arrived(acquisition, complete));
    }

    private static void arrived(Acquisition acquisition, List<Acquisition> complete) {
        if (acquisition.missing > 0 && --acquisition.missing == 0) {
            complete.add(acquisition);
        }
    }

    private static void complete(List<Acquisition> acquisitions) {
        acquisitions.forEach(acquisition -> acquisition.future.complete(null));
    }

    private void scheduleFlush() {
        if (!flushScheduled && mayFlush()) {
            flushScheduled = true;
            loop.execute(this::flush);
        }
    }

    private boolean mayFlush() {
        return connection != null && unacknowledged == 0 && !wanted.isEmpty();
    }

    private void flush() {
        List<Acquisition> complete = new ArrayList<>();
        synchronized (this) {
            flushScheduled = false;
            if (connection != null && unacknowledged == 0) {
                List<Channel> batch = nextBatch(complete);
                unacknowledged = batch.size();
                if (!batch.isEmpty()) {
                    connection.subscribe(batch);
                }
            }
        }
        complete(complete);
    }

    private List<Channel> nextBatch(List<Acquisition> complete) {
        List<Channel> batch = new ArrayList<>();
        while (batch.size() < BATCH && !wanted.isEmpty()) {
            Channel channel = wanted.remove();
            if (channel.users > 0) {
                channel.state = State.SUBSCRIBING;
                batch.add(channel);
            } else {
                drop(channel, complete);
            }
        }
        return batch;
    }

    /** Its users have gone before it was asked for. */
    private void drop(Channel channel, List<Acquisition> complete) {
        arrived(channel, complete);
        channel.state = State.UNSUBSCRIBING;
        if (!channel.unsubscribed) {
            table.remove(channel.target, channel);
        }
    }

    private void sweepEvery(Duration delay) {
        var _ = loop.scheduleWithFixedDelay(this::sweep, delay.toNanos(), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void sweep() {
        List<Channel> leaving = lingering.sweep();
        for (int i = 0; connection != null && i < leaving.size(); i += BATCH) {
            connection.unsubscribe(leaving.subList(i, Math.min(i + BATCH, leaving.size())));
        }
    }
}
