package dev.ssecluster.subscription;

import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.Request;
import dev.ssecluster.backplane.RequestKind;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.replay.Wait;
import dev.ssecluster.store.SubscriptionStore.Subscription;
import dev.ssecluster.stream.Hold;
import dev.ssecluster.stream.Joins;
import dev.ssecluster.stream.Stream;
import dev.ssecluster.stream.Streams;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Has open streams follow changes of their users' subscriptions, which some node tells all nodes that have the user's channel.
 *
 * <p>On hearing it, in order with the events, the user's streams are held at once. A hold is given out when its stream has begun, so
 * what a stream that is just opening gets of its replay, which may not know the group yet, ends before what is read here. Then, off the
 * event loop and one at a time for a user, the rows are read, the streams join and leave, and what the groups that they joined were
 * sent since the request's place among the events is read and takes its place in what has waited. A stream that registers later
 * needs nothing: it reads the rows itself, and they were committed before the request.
 *
 * <p>All is read again each time, so requests that are lost, late or repeated cost nothing but a look. Requests are not taken in their
 * order: what another one had the stream join since the hold began is read from this one's place on, too. A group that a stream joins
 * although it was subscribed to before the call, or seconds ago, was never followed, because the call that subscribed it has failed
 * half way: what it was sent meanwhile is not known.
 */
@Component
final class Followers {

    private static final Logger log = LoggerFactory.getLogger(Followers.class);
    private static final byte[] DONE = {};

    /** A call takes less, from its fence to its request. */
    private static final long CALL_MICROS = TimeUnit.SECONDS.toMicros(5);

    private final Streams streams;
    private final Joins joins;
    private final SubscriptionReads reads;
    private final Following following;
    private final MissedEvents missedEvents;
    private final Doubts doubts;
    private final UserLocks locks;
    private final SubscriptionMeters meters;

    Followers(Backplane backplane, Streams streams, Joins joins, SubscriptionReads reads, Following following,
            MissedEvents missedEvents, Doubts doubts, UserLocks locks, SubscriptionMeters meters) {
        this.streams = streams;
        this.joins = joins;
        this.reads = reads;
        this.following = following;
        this.missedEvents = missedEvents;
        this.doubts = doubts;
        this.locks = locks;
        this.meters = meters;
        meters.observe(doubts::size);
        backplane.onRequest(RequestKind.SUBSCRIPTIONS, this::heard);
    }

    /** On the event loop. */
    private void heard(Request request, Consumer<byte[]> answer) {
        CompletableFuture<List<Hold>> holds = joins.hold(request.target().name());
        long began = System.nanoTime();
        Thread.ofVirtual().name("subscriptions").start(() -> {
            boolean isFollowed = follow(request, holds);
            answer.accept(DONE);
            (isFollowed ? meters.followed : meters.failed).record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
        });
    }

    private boolean follow(Request request, CompletableFuture<List<Hold>> holding) {
        String user = request.target().name();
        List<Hold> holds = List.of();
        try {
            holds = Wait.until(holding);
            follow(request, holds);
            return true;
        } catch (StoreUnavailableException | BackplaneUnavailableException e) {
            log.debug("Subscriptions cannot be followed now", e);
        } catch (RuntimeException | Error e) {
            log.error("Subscriptions are not followed now because of a fault in this node", e);
        }
        giveUp(user, holds);
        return false;
    }

    private void follow(Request request, List<Hold> holds) {
        if (!holds.isEmpty()) {
            locks.alone(request.target().name(), () -> {
                followAlone(request, holds);
                return true;
            });
        }
    }

    /** A stream may have several holds, of several requests, but only one of this one. */
    private void followAlone(Request request, List<Hold> holds) {
        String user = request.target().name();
        List<Subscription> enabled = reads.enabled(user);
        Set<Stream> gapped = new HashSet<>(doubts.of(user).keySet()); // they have missed something since they were opened
        for (Hold hold : holds) {
            Wanted wanted = Wanted.of(hold.stream(), enabled);
            if (isLate(request, wanted, following.follow(wanted))) {
                gapped.add(hold.stream());
            }
        }
        Map<Target, Long> since = enabled.stream()
                .collect(Collectors.toMap(each -> Target.group(each.group()), Subscription::since, Math::max));
        end(holds, request.id(), since, gapped);
    }

    private static boolean isLate(Request request, Wanted wanted, Set<Target> joined) {
        String repeated = new String(request.body(), StandardCharsets.UTF_8);
        return joined.stream().anyMatch(group -> group.name().equals(repeated)
                || wanted.since().getOrDefault(group, request.id()) < request.id() - CALL_MICROS);
    }

    /** A group that another request has had the stream join is read from here, too, but its subscription may have begun later. */
    private void end(List<Hold> holds, long after, Map<Target, Long> since, Set<Stream> gapped) {
        Map<Hold, Set<Target>> joined = new HashMap<>();
        holds.forEach(hold -> joined.put(hold, hold.joined()));
        Set<Target> all = joined.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        Optional<List<Event>> missed = missedEvents.read(all, after).map(events -> events.stream()
                .filter(event -> event.id() > since.getOrDefault(event.target(), Long.MAX_VALUE))
                .toList());
        joined.forEach((hold, groups) -> {
            if (!groups.isEmpty() && (missed.isEmpty() || gapped.contains(hold.stream()))) {
                joins.giveUp(hold);
            } else {
                joins.settle(hold, of(groups, missed.orElse(List.of())));
            }
        });
    }

    private static List<Event> of(Set<Target> groups, List<Event> events) {
        return events.stream().filter(event -> groups.contains(event.target())).toList();
    }

    /** Something has changed, and what it is nobody knows here: the clients are told, and it is tried again. */
    private void giveUp(String user, List<Hold> holds) {
        holds.forEach(joins::giveUp);
        doubt(user);
    }

    /** What the user's streams should follow is not known. */
    void doubt(String user) {
        var _ = streams.of(Target.user(user)).thenAccept(all -> {
            all.forEach(stream -> streams.serveNothing(stream, true));
            doubts.add(user, all);
        });
    }
}
