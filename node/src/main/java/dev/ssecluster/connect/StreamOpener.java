package dev.ssecluster.connect;

import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.NodeProperties;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.Target;
import dev.ssecluster.limit.StreamsPerAddress;
import dev.ssecluster.registry.Admission;
import dev.ssecluster.registry.Registry;
import dev.ssecluster.registry.UserLimit;
import dev.ssecluster.replay.Beginning;
import dev.ssecluster.replay.ReplayFeed;
import dev.ssecluster.replay.Replays;
import dev.ssecluster.stream.RetryDelay;
import dev.ssecluster.stream.Stream;
import dev.ssecluster.stream.StreamProperties;
import dev.ssecluster.stream.Streams;
import dev.ssecluster.subscription.Followed;
import dev.ssecluster.subscription.Subscriptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Attaches a stream without a hole: every channel subscribed and acknowledged, then the stream registered so that live events
 * are held back, then the replay's first read, which also tells the fence. Whatever Redis publishes after that has a higher id
 * and reaches the stream live; whatever has an id up to the fence is part of the replay.
 *
 * <p>Whether the client was sent away is asked after that, too, so a disconnect either is known by then or finds the stream.
 */
@Component
class StreamOpener {

    private static final Logger log = LoggerFactory.getLogger(StreamOpener.class);

    private final Backplane backplane;
    private final Streams streams;
    private final Registry registry;
    private final Subscriptions subscriptions;
    private final Replays replays;
    private final ReplayFeed feed;
    private final UnreadFeed unread;
    private final EventClock clock;
    private final int mostOfUser;
    private final RetryDelay retry;
    private final RetryDelay afterLeases; // streams of a node that has died count until its lease ends

    StreamOpener(Backplane backplane, Streams streams, Registry registry, Subscriptions subscriptions, Replays replays,
            ReplayFeed feed, UnreadFeed unread, StreamsPerAddress addresses, EventClock clock, UserLimit limit,
            NodeProperties node, StreamProperties properties) {
        this.backplane = backplane;
        this.streams = streams;
        this.registry = registry;
        this.subscriptions = subscriptions;
        this.replays = replays;
        this.feed = feed;
        this.unread = unread;
        this.clock = clock;
        this.mostOfUser = limit.maxStreamsPerUser();
        this.retry = new RetryDelay(properties.retryMin(), properties.retryMax());
        this.afterLeases = new RetryDelay(node.lease(), node.lease().multipliedBy(2));
        streams.onClosed(stream -> {
            addresses.leave(stream.connectionId());
            backplane.release(stream.targets());
        });
    }

    /** A registered stream, which must be handed over or abandoned, and where it begins. */
    record Attached(Stream stream, Beginning beginning) {}

    /** Blocks for as long as the backplane and the database give themselves to answer. */
    Attached attach(StreamRequest request) throws Refusal {
        if (!streams.isRunning()) {
            throw Refusal.draining(retry);
        }
        if (!backplane.isReady()) {
            throw Refusal.passing(Refusal.UNAVAILABLE);
        }
        if (streams.isFull()) {
            throw Refusal.passing(Refusal.FULL); // before Redis has work with it
        }
        List<Target> targets = request.targets();
        await(backplane.acquire(targets));
        Stream stream = register(request, targets);
        try {
            return new Attached(stream, begin(stream, request, targets));
        } catch (BackplaneUnavailableException e) {
            streams.abandon(stream);
            throw Refusal.passing(Refusal.UNAVAILABLE);
        } catch (Refusal refusal) {
            streams.abandon(stream);
            throw refusal;
        } catch (RuntimeException | Error e) {
            streams.abandon(stream); // it must not stay registered
            log.error("A stream could not begin because of a fault in this node", e);
            throw Refusal.passing(Refusal.UNAVAILABLE); // an EventSource would never come back after a 500
        }
    }

    private Beginning begin(Stream stream, StreamRequest request, List<Target> targets) throws Refusal {
        CompletableFuture<Admission> admission = registry.arrive(stream.info()); // while the rest is read
        Followed followed = subscriptions.attach(stream, request.userId());
        Beginning beginning = replays.begin(request.replay(targets, followed.since()));
        check(await(admission));
        beginning = followed.isKnown() ? beginning : beginning.withoutSubscriptions();
        feed.feed(stream, beginning);
        if (request.unread() && request.userId() != null) {
            unread.refresh(request.userId());
        }
        return beginning;
    }

    private void check(Admission admission) throws Refusal {
        if (admission.block() != null) {
            throw Refusal.blocked(admission.block());
        }
        if (admission.streams() > mostOfUser) {
            throw Refusal.everywhere(Refusal.TOO_MANY_STREAMS, afterLeases);
        }
    }

    /** Gives up a stream that could not be handed over. */
    void abandon(Attached attached) {
        streams.abandon(attached.stream());
    }

    private Stream register(StreamRequest request, List<Target> targets) throws Refusal {
        Optional<Stream> stream = streams.register(request.options(targets, clock.micros()));
        if (stream.isEmpty()) {
            backplane.release(targets);
            throw streams.isRunning() ? Refusal.passing(Refusal.FULL) : Refusal.draining(retry);
        }
        return stream.get();
    }

    private static <T> T await(CompletableFuture<T> future) throws Refusal {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw Refusal.passing(Refusal.UNAVAILABLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.passing(Refusal.UNAVAILABLE);
        }
    }
}
