package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

/**
 * Has streams join and leave groups after they have begun, without a hole: what comes for a stream is <b>held</b> from the moment at
 * which it is to follow the group; it <b>joins</b>; what the group was sent since that moment is read; with that the stream is
 * <b>settled</b>. Thread-safe; nothing here blocks. Futures complete on the shards' threads: what hangs on them must not block either.
 */
@Component
public class Joins {

    private final Streams streams;

    Joins(Streams streams) {
        this.streams = streams;
    }

    /**
     * Holds back what comes for the user's streams of this node, from this point of what this node hears on; neither cursors nor
     * positions go beyond it. Each hold must be {@linkplain #settle settled} or {@linkplain #giveUp given up}; after 10 s it is given up,
     * and who settles it later tells the streams of the gap once more.
     *
     * @return completes when all these streams have begun; a stream that is registered later is not among them
     */
    public CompletableFuture<List<Hold>> hold(String user) {
        return streams.ask(Target.user(user), (owner, topic) -> owner.joins().hold(topic)).thenCompose(Shards::all).thenApply(Shards::flat);
    }

    /** Holds back what comes for one stream from now on; completes when it has begun or ended. */
    public CompletableFuture<Hold> hold(Stream stream) {
        CompletableFuture<Hold> held = new CompletableFuture<>();
        stream.shard().post(owner -> {
            var _ = owner.joins().hold(stream).thenAccept(held::complete);
        });
        return held;
    }

    /**
     * Makes the stream a member of a group whose channel was acquired for it. It gets whatever is published from now on, so what
     * it missed is to be read after this has returned. A group that it joined before gets the other types.
     *
     * @param types of which events it gets; empty: all
     * @return whether it has become a member, so that the acquired channel is the stream's until it {@linkplain #leave leaves} or
     *     ends; never of a group that it named itself, which is not filtered
     */
    public CompletableFuture<Boolean> join(Stream stream, Target group, Set<String> types) {
        Topic topic = streams.topics.retain(group, stream.shard().index());
        Set<String> filter = Set.copyOf(types);
        CompletableFuture<Boolean> joined = new CompletableFuture<>();
        stream.shard().post(owner -> joined.complete(
                owner.joins().join(stream, topic, filter) || releasedInVain(group)));
        return joined;
    }

    private boolean releasedInVain(Target group) {
        streams.topics.release(group);
        return false;
    }

    /**
     * Ends the membership of a group that the stream has joined.
     *
     * @return whether it was a member; then its channel is the caller's to release. Never of a group that the stream named itself
     */
    public CompletableFuture<Boolean> leave(Stream stream, Target group) {
        CompletableFuture<Boolean> left = new CompletableFuture<>();
        stream.shard().post(owner -> {
            boolean was = owner.joins().leave(stream, group);
            if (was) {
                streams.topics.release(group);
            }
            left.complete(was);
        });
        return left;
    }

    /**
     * Ends a hold, as soon as this node has heard everything up to the last of {@code missed}. They take their places in what has
     * waited, each event once; those up to the stream's fence are left out, and those that a filter keeps from it now. So its joins
     * must have completed.
     *
     * @param missed what was sent to {@linkplain Hold#joined groups joined} under this hold since it began, as far as it is known, with ascending ids
     */
    public void settle(Hold hold, List<Event> missed) {
        Memberships memberships = hold.stream().memberships();
        List<EncodedEvent> encoded = streams.delivery.encode(missed.stream().filter(memberships::takes).toList());
        long last = missed.isEmpty() ? 0 : missed.getLast().id();
        streams.delivery.heard().whenUpTo(last, () -> hold.stream().shard().post(owner -> owner.joins().settle(hold, encoded)));
    }

    /** Ends a hold although what the stream missed is not known: it is told that there may be a gap. */
    public void giveUp(Hold hold) {
        hold.stream().shard().post(owner -> owner.joins().giveUp(hold));
    }
}
