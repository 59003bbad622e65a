package dev.ssecluster.message;

import dev.ssecluster.backplane.UnreadCache;
import dev.ssecluster.backplane.UnreadCache.Lookup;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.store.MessageStore;
import dev.ssecluster.store.MessageStore.Unread;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.springframework.stereotype.Component;

/**
 * How many messages users have not read. The database is the truth; Redis keeps counts for all nodes, see {@link UnreadCache}.
 * Thread-safe; every call blocks.
 */
@Component
public final class UnreadCounts {

    private static final long LONGEST_CHANGE = TimeUnit.SECONDS.toMicros(61); // its mark ends after 60 s

    private final UnreadCache cache;
    private final MessageStore store;
    private final Now now;

    UnreadCounts(UnreadCache cache, MessageStore store, Now now) {
        this.cache = cache;
        this.store = store;
        this.now = now;
    }

    /**
     * The user's count at a moment after this call, and when it changes by itself because a message expires.
     *
     * @throws StoreUnavailableException when it is not in Redis and the database is away
     */
    public Unread count(String user) {
        Optional<Lookup> found = BackplaneAnswers.ifThere(cache.look(user));
        return found.map(lookup -> switch (lookup) {
            case Lookup.Cached cached -> new Unread(cached.count(), cached.nextExpiry());
            case Lookup.Missing missing -> countAndKeep(user, missing.lease());
            case Lookup.Dirty _ -> countAgainLater(countInStore(user));
        }).orElseGet(() -> countInStore(user));
    }

    /** A change is under way, and whoever makes it may die before it tells that it is done: then nobody else does. */
    private Unread countAgainLater(Unread unread) {
        long later = now.micros() + LONGEST_CHANGE;
        return new Unread(unread.count(), unread.nextExpiry() == 0 ? later : Math.min(unread.nextExpiry(), later));
    }

    private Unread countAndKeep(String user, String lease) {
        Unread unread = countInStore(user);
        var _ = cache.store(user, lease, unread.count(), unread.nextExpiry()); // nobody waits for it, and nobody minds if it fails
        return unread;
    }

    private Unread countInStore(String user) {
        return store.unread(user, now.micros());
    }

    /**
     * Runs what changes the user's count in the database. While it runs, and for a minute when its outcome is not known, nobody keeps a
     * count.
     *
     * @param change answers how many messages it changed
     */
    int change(String user, IntSupplier change) {
        String token = BackplaneAnswers.required(cache.change(user));
        int changed = change.getAsInt(); // when this fails it may yet be committed, so the mark stays
        cache.changed(user, token).exceptionally(_ -> null).join(); // without Redis the mark ends by itself
        return changed;
    }
}
