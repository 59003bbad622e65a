package dev.ssecluster.subscription;

import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.backplane.Journal;
import dev.ssecluster.backplane.RequestKind;
import dev.ssecluster.event.Target;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.replay.Wait;
import dev.ssecluster.store.PositionStore;
import dev.ssecluster.store.StoreAccess;
import dev.ssecluster.store.SubscriptionStore;
import dev.ssecluster.store.SubscriptionStore.Subscription;
import dev.ssecluster.store.SubscriptionStore.Wish;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Changes subscriptions, and has the user's open streams follow on all nodes. The row comes first: who dies before the nodes are told
 * has not answered, and repeating the call tells them. Thread-safe; every call blocks, and throws {@link
 * dev.ssecluster.event.StoreUnavailableException} or {@link dev.ssecluster.backplane.BackplaneUnavailableException}.
 */
@Component
final class SubscriptionChanges {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final byte[] NOTHING = {};

    private final Backplane backplane;
    private final Journal journal;
    private final SubscriptionStore store;
    private final PositionStore positions;
    private final StoreAccess access;
    private final SubscriptionProperties limits;

    SubscriptionChanges(Backplane backplane, Journal journal, SubscriptionStore store, PositionStore positions, StoreAccess access,
            SubscriptionProperties limits) {
        this.backplane = backplane;
        this.journal = journal;
        this.store = store;
        this.positions = positions;
        this.access = access;
        this.limits = limits;
    }

    /** Returns when the user's open streams have followed, or after 2 s. */
    Subscription subscribe(String user, String group, Set<String> types, boolean isSelfMade) {
        long since = Wait.until(backplane.fence());
        settlePosition(user, since);
        Subscription made = store.subscribe(new Wish(user, group, types, isSelfMade, since), limits.maxPerUser())
                .orElseThrow(() -> RefusedException.of(ProblemType.TOO_MANY_SUBSCRIPTIONS, limits.maxPerUser()));
        tell(user, made.since() < since ? group.getBytes(StandardCharsets.UTF_8) : NOTHING);
        return made;
    }

    /** Returns when the user's open streams have followed, or after 2 s. Tells them also when there was no such subscription: who ended
     * it before may not have got that far. */
    void unsubscribe(String user, String group) {
        var _ = store.unsubscribe(user, group);
        tell(user, NOTHING);
    }

    List<Subscription> list(String user) {
        return store.of(List.of(user)).getOrDefault(user, List.of());
    }

    /**
     * What the group is sent from now on counts as missed, also for a user who has never been served anything. Without a position the
     * next stream would start now, whenever it opens.
     */
    private void settlePosition(String user, long fence) {
        access.checkIsThere(); // while it is away the journal is long
        Target owner = Target.user(user);
        Journal.Contents journaled = Wait.until(journal.read(0));
        positions.settle(owner, Math.min(fence, journaled.oldestOf(owner) - 1));
    }

    /** @param repeated the group, if it was subscribed to before this call; who was not told of that has missed something */
    private void tell(String user, byte[] repeated) {
        var _ = Wait.until(backplane.ask(Target.user(user), RequestKind.SUBSCRIPTIONS, repeated, PATIENCE));
    }
}
