package dev.ssecluster.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which groups users have subscribed to. Every call blocks and throws {@link dev.ssecluster.event.StoreUnavailableException} when the
 * database is away or too slow. Thread-safe.
 */
public interface SubscriptionStore {

    /**
     * Makes a subscription, or enables and changes the one there is. One that was enabled stays as old as it is, and one that was made
     * for the user stays so.
     *
     * @param most how many a user may have; only calls at the same instant can together make more
     * @return the subscription as it is then; empty when the user has too many
     */
    Optional<Subscription> subscribe(Wish wish, int most);

    /** Ends a subscription, whether it was enabled or not; false when there was none. */
    boolean unsubscribe(String user, String group);

    /** The subscriptions of those users who have any, by group. */
    Map<String, List<Subscription>> of(Collection<String> users);

    /**
     * A subscription that is to be made.
     *
     * @param types of which events; empty: all
     * @param isSelfMade whether the user makes it, and not somebody for the user
     * @param since events with higher ids come
     */
    record Wish(String user, String group, Set<String> types, boolean isSelfMade, long since) {}

    /**
     * A user's subscription to a group.
     *
     * @param types of which events, in the order in which they were given; empty: all
     * @param isSelfMade whether the user made it, so that each of the user's streams needs the right to join the group
     * @param since events with higher ids come
     */
    record Subscription(String group, Set<String> types, boolean isEnabled, boolean isSelfMade, long since) {}
}
