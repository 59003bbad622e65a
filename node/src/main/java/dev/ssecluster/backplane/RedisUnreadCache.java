package dev.ssecluster.backplane;

import dev.ssecluster.batch.Batcher;
import java.util.concurrent.CompletableFuture;

/** The unread counts in Redis. Looks are batched: when a group's streams open, each of them asks. */
final class RedisUnreadCache implements UnreadCache {

    /** Users in one call, so that Redis is not blocked for long. */
    private static final int MOST_LOOKS = 200;

    private final Batcher<String, Lookup> looks;
    private final UnreadStoreScript storeScript;
    private final UnreadChangeScript changeScript;
    private final UnreadChangedScript changedScript;

    RedisUnreadCache(Scripts scripts, UnreadProperties properties) {
        this.looks = new Batcher<>(MOST_LOOKS, new UnreadLookScript(scripts)::run);
        this.storeScript = new UnreadStoreScript(scripts, properties.expire());
        this.changeScript = new UnreadChangeScript(scripts);
        this.changedScript = new UnreadChangedScript(scripts);
    }

    @Override
    public CompletableFuture<Lookup> look(String user) {
        return looks.submit(user);
    }

    @Override
    public CompletableFuture<Void> store(String user, String lease, long count, long nextExpiry) {
        return storeScript.run(user, lease, count, nextExpiry).thenAccept(_ -> {});
    }

    @Override
    public CompletableFuture<String> change(String user) {
        String mark = RandomText.next();
        return changeScript.run(user, mark).thenApply(_ -> mark);
    }

    @Override
    public CompletableFuture<Void> changed(String user, String token) {
        return changedScript.run(user, token).thenAccept(_ -> {});
    }
}
