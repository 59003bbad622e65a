package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.Target;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who is where, in Redis. Each stream has a lease that its node refreshes. It counts while its node's own lease lasts, which is much
 * shorter. So a node that dies leaves nothing behind that counts, and nothing is ever counted up or down.
 *
 * <p>A node whose lease has ended, because it stood still or Redis lost it, begins another <b>incarnation</b>, and writes all
 * its streams again: what the former one has left is removed by whoever sweeps.
 *
 * <p>Thread-safe; nothing here blocks. Every future completes exceptionally with {@link BackplaneUnavailableException} while Redis is
 * away; then it may have happened all the same, but changes of leases never happen later than that.
 */
public interface Leases {

    /** Begins or renews the lease of a node. */
    CompletableFuture<Renewal> renew(NodeState node);

    /** Ends the lease of a node whose streams have all gone; of another one it ends by itself. */
    CompletableFuture<Void> leave(Incarnation incarnation);

    /**
     * Writes the changes, in their order. At most some hundred at a time, so that Redis is not blocked for long.
     *
     * @param mostOfUser streams that a user may have; beyond, it matters no more how many there are
     */
    CompletableFuture<Written> write(Incarnation incarnation, int mostOfUser, List<LeaseChange> changes);

    /**
     * Removes what dead nodes have left, and announces some of the users who came or went to the group {@code presence:<user>}. Each
     * transition is announced once, however many nodes do this at a time.
     */
    CompletableFuture<Swept> sweep();

    /** Lets arrivals of that user or client id know that they are blocked. Replaces an earlier block. */
    CompletableFuture<Void> block(Target userOrClient, Duration duration, boolean isFinal);

    /** Who a user is connected as; at most 1 000 connections. */
    CompletableFuture<UserLeases> user(String user);

    /** The nodes that live. */
    CompletableFuture<Nodes> nodes();

    /**
     * One life of a node: its id, and what tells this life from others.
     *
     * @param name without blanks
     */
    record Incarnation(String name) {

        private static final String SEPARATOR = "~"; // in no node id

        /** One that never was. */
        public static Incarnation of(NodeId node) {
            return new Incarnation(node + SEPARATOR + RandomText.next());
        }

        /** The id of the node. */
        public String node() {
            int end = name.indexOf(SEPARATOR);
            return end < 0 ? name : name.substring(0, end);
        }
    }

    /**
     * What a node says of itself.
     *
     * @param begins whether its lease begins; else it must still last
     * @param info what {@link #nodes} shall say about it; of no meaning here
     * @param anew whether all its groups are among the new ones
     * @param former an incarnation of the node whose lease ends with this one's beginning; null: there is none
     * @param newGroups groups that it has since the last time
     * @param goneGroups groups that it has no more
     */
    record NodeState(
            Incarnation incarnation, boolean begins, String info, boolean anew, @Nullable Incarnation former,
            Set<String> newGroups, Set<String> goneGroups) {}

    /**
     * What became of a node's lease.
     *
     * @param isHeld false: it had ended or was lost, and nothing was written
     * @param epoch of the Redis that answered
     */
    record Renewal(boolean isHeld, String epoch) {}

    /**
     * What became of changes.
     *
     * @param isHeld false: the node's lease had ended, and nothing was written
     * @param isDue whether a {@link #sweep} would have something to announce
     * @param grants one for each arrival, in their order
     */
    record Written(boolean isHeld, boolean isDue, List<Grant> grants) {}

    /**
     * What there is to know about an arrival.
     *
     * @param streams of its user in the cluster, itself included, counted up to one more than the user may have; up to there those
     *     count, too, that a dead node has left; 0 without a user, or when it is blocked
     * @param blockMicros for how long it is blocked; then nothing was written for it; 0: it is not
     * @param isFinal whether it shall not come back afterwards
     */
    record Grant(int streams, long blockMicros, boolean isFinal) {}

    /**
     * What a sweep did.
     *
     * @param came users who were announced as online
     * @param went users who were announced as offline
     * @param removed streams of dead nodes that were removed
     * @param hasMore whether there is more to do now
     */
    record Swept(int came, int went, int removed, boolean hasMore) {}

    /**
     * A user.
     *
     * @param now microseconds
     * @param seen when one of the user's streams was last seen that has gone, microseconds; 0: not known
     * @param isAnnounced whether the user was announced as online, and not as offline since
     */
    record UserLeases(long now, long seen, boolean isAnnounced, List<Connection> connections) {}

    /**
     * One of a user's streams.
     *
     * @param node the id of its node
     * @param info of its {@link LeaseChange}; empty when it was lost
     */
    record Connection(String connection, String client, String node, String info) {}

    /**
     * The cluster.
     *
     * @param now microseconds
     * @param users who are online, or were a little while ago
     * @param groups with at least one member; negative: too many to be counted
     */
    record Nodes(long now, long users, long groups, List<Node> nodes) {}

    /**
     * A node that lives.
     *
     * @param info of its {@link NodeState}
     */
    record Node(String node, String info) {}
}
