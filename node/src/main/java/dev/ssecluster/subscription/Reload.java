package dev.ssecluster.subscription;

import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.replay.Wait;
import dev.ssecluster.store.StoreAccess;
import dev.ssecluster.store.SubscriptionStore.Subscription;
import dev.ssecluster.stream.Hold;
import dev.ssecluster.stream.Joins;
import dev.ssecluster.stream.Stream;
import dev.ssecluster.stream.Streams;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Reads subscriptions again that may have changed without this node being told: of all users when the connection to the other nodes was
 * replaced, before what was missed is handed over, so that groups joined now get it, too; and about once a second those that could not
 * be read, because the database was away. A stream that was without a group for a while which it should have had is told that there
 * may be a gap, unless a repair that is certain to follow hands over what it missed.
 */
@Component
final class Reload implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Reload.class);
    private static final int USERS_AT_ONCE = 1_000;

    /** How far clocks may be apart. */
    private static final long MARGIN_MICROS = TimeUnit.SECONDS.toMicros(1);

    /** A repair may go on without what takes longer; a second less than it waits, see {@link Backplane#beforeRepair}. */
    private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final Streams streams;
    private final Joins joins;
    private final SubscriptionReads reads;
    private final Following following;
    private final Followers followers;
    private final Doubts doubts;
    private final UserLocks locks;
    private final StoreAccess access;
    private final Semaphore permits = new Semaphore(USERS_AT_ONCE);
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("subscriptions").daemon().factory());

    Reload(Backplane backplane, Streams streams, Joins joins, SubscriptionReads reads, Following following, Followers followers,
            Doubts doubts, UserLocks locks, StoreAccess access) {
        this.streams = streams;
        this.joins = joins;
        this.reads = reads;
        this.following = following;
        this.followers = followers;
        this.doubts = doubts;
        this.locks = locks;
        this.access = access;
        backplane.beforeRepair(this::all);
        var _ = timer.scheduleWithFixedDelay(this::doubtful, 1, 1, TimeUnit.SECONDS);
    }

    /** For all users of this node; completes when their streams follow. */
    private CompletableFuture<Void> all() {
        long deadline = System.nanoTime() + STEP_NANOS;
        return CompletableFuture.runAsync(() -> reload(streams.names(Target.Kind.USER), deadline, followers::doubt), Reload::start);
    }

    private static void start(Runnable task) {
        Thread.ofVirtual().name("subscriptions").start(task);
    }

    private void doubtful() {
        try {
            access.checkIsThere();
            reload(doubts.users(), System.nanoTime(), _ -> {}); // no repair follows; and who is doubtful stays so
        } catch (StoreUnavailableException e) {
            log.debug("Subscriptions are not known yet", e);
        } catch (RuntimeException | Error e) { // or it would never run again
            log.error("Subscriptions are not read again because of a fault in this node", e);
        }
    }

    /** Many at once, so that their reads are few queries. Of groups joined after {@code deadline} no repair is certain. */
    private void reload(Collection<String> users, long deadline, Consumer<String> onFailure) {
        List<CompletableFuture<Void>> reloads = new ArrayList<>();
        for (String user : users) {
            permits.acquireUninterruptibly();
            reloads.add(CompletableFuture.runAsync(() -> reload(user, deadline, onFailure), Reload::start)
                    .whenComplete((_, _) -> permits.release()));
        }
        CompletableFuture.allOf(reloads.toArray(CompletableFuture[]::new)).join();
    }

    private void reload(String user, long deadline, Consumer<String> onFailure) {
        try {
            List<Stream> gapped = locks.alone(user, () -> followWithoutGap(user, deadline));
            if (!gapped.isEmpty()) {
                followWithGap(user, gapped);
            }
        } catch (StoreUnavailableException | BackplaneUnavailableException e) {
            log.debug("Subscriptions cannot be followed now", e);
            onFailure.accept(user);
        } catch (RuntimeException | Error e) {
            log.error("Subscriptions are not followed now because of a fault in this node", e);
            onFailure.accept(user);
        }
    }

    /** Answers the streams that have to be told of a gap, and do not follow yet. */
    private List<Stream> followWithoutGap(String user, long deadline) {
        Map<Stream, Doubts.Doubt> doubtful = new HashMap<>(doubts.of(user)); // before the rows: who is in doubt later stays so
        List<Subscription> enabled = reads.enabled(user);
        List<Stream> gapped = new ArrayList<>();
        for (Stream stream : Wait.until(streams.of(Target.user(user)))) {
            Wanted wanted = Wanted.of(stream, enabled);
            boolean isDoubtful = doubtful.containsKey(stream);
            if (!wanted.missing().isEmpty() && (isDoubtful || isOver(deadline) || isYoung(stream))) {
                gapped.add(stream);
            } else if (isDoubtful || !enabled.isEmpty() || !stream.joined().isEmpty()) {
                followInTime(wanted, deadline);
            }
        }
        gapped.forEach(doubtful::remove);
        doubts.remove(user, doubtful);
        return gapped;
    }

    private static boolean isOver(long deadline) {
        return System.nanoTime() - deadline >= 0;
    }

    /** Does not wait for a stream to begin, which may need the lock for that. */
    private void followInTime(Wanted wanted, long deadline) {
        Set<Target> joined = following.follow(wanted);
        if (!joined.isEmpty() && isOver(deadline)) {
            var _ = joins.hold(wanted.stream()).thenAccept(joins::giveUp);
        }
    }

    /** Whether it may have been opened while this node was deaf: then its own replay has passed what is repaired. */
    private boolean isYoung(Stream stream) {
        return stream.info().sinceMicros() + MARGIN_MICROS > streams.heardUpTo();
    }

    /**
     * A hold is given out when its stream has begun, for which the stream may need the lock. All of them are given up whatever happens:
     * without a hold that is settled nothing tells what the stream has missed.
     */
    private void followWithGap(String user, Collection<Stream> gapped) {
        List<CompletableFuture<Hold>> holds = gapped.stream().map(joins::hold).toList();
        try {
            holds.forEach(Wait::until);
            var _ = locks.alone(user, () -> followAlone(user, gapped));
        } finally {
            var _ = CompletableFuture.allOf(holds.stream().map(hold -> hold.thenAccept(joins::giveUp)).toArray(CompletableFuture[]::new));
        }
    }

    private boolean followAlone(String user, Collection<Stream> gapped) {
        Map<Stream, Doubts.Doubt> doubtful = new HashMap<>(doubts.of(user));
        doubtful.keySet().retainAll(gapped);
        List<Subscription> enabled = reads.enabled(user);
        gapped.forEach(stream -> following.follow(Wanted.of(stream, enabled)));
        doubts.remove(user, doubtful);
        return true;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
