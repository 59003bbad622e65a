package dev.ssecluster.subscription;

import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.store.SubscriptionStore.Subscription;
import dev.ssecluster.stream.Stream;
import dev.ssecluster.stream.Streams;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What streams that open follow for their users. Thread-safe. */
@Component
public class Subscriptions {

    private final Streams streams;
    private final SubscriptionReads reads;
    private final Following following;
    private final Doubts doubts;
    private final UserLocks locks;

    Subscriptions(Streams streams, SubscriptionReads reads, Following following, Doubts doubts, UserLocks locks) {
        this.streams = streams;
        this.reads = reads;
        this.following = following;
        this.doubts = doubts;
        this.locks = locks;
    }

    /**
     * Has a stream that is registered and has not begun join the groups that its user has subscribed to. The replay must be read after
     * this. Blocks; what many streams ask for at the same time is one query. While the database is away nothing is joined, and it is
     * tried again while the stream is open.
     *
     * @throws dev.ssecluster.backplane.BackplaneUnavailableException when channels are not subscribed in time
     */
    public Followed attach(Stream stream, @Nullable String user) {
        return user == null ? Followed.NOTHING : locks.together(user, () -> attachTogether(stream, user));
    }

    private Followed attachTogether(Stream stream, String user) {
        try {
            List<Subscription> enabled = reads.enabled(user);
            return enabled.isEmpty() && stream.joined().isEmpty() ? Followed.NOTHING : follow(Wanted.of(stream, enabled));
        } catch (StoreUnavailableException e) {
            streams.serveNothing(stream, true);
            doubts.add(user, List.of(stream));
            return Followed.UNKNOWN;
        }
    }

    private Followed follow(Wanted wanted) {
        var _ = following.follow(wanted);
        return new Followed(wanted.since(), true);
    }
}
