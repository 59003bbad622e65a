package dev.ssecluster.test;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.UnreadCache;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Unread counts of one user in memory, for orderings that a real cache cannot be made to show. */
public final class MemoryUnreadCache implements UnreadCache {

    private final Map<String, Lookup.Cached> counts = new HashMap<>();
    private final Map<String, String> leases = new HashMap<>();
    private final Map<String, Set<String>> marks = new HashMap<>();
    private int tokens;
    private int notices;
    private boolean away;

    public synchronized void goAway() {
        away = true;
    }

    public synchronized boolean isMarked(String user) {
        return !marks.getOrDefault(user, Set.of()).isEmpty();
    }

    public synchronized Lookup.@Nullable Cached kept(String user) {
        return counts.get(user);
    }

    /** How often nodes were told that a count may have changed. */
    public synchronized int notices() {
        return notices;
    }

    public synchronized void clear() {
        counts.clear();
        leases.clear();
        marks.clear();
        away = false;
    }

    @Override
    public CompletableFuture<Lookup> look(String user) {
        return answer(() -> find(user));
    }

    private Lookup find(String user) {
        Lookup.Cached kept = counts.get(user);
        if (kept != null) {
            return kept;
        }
        return isMarked(user) ? new Lookup.Dirty() : new Lookup.Missing(leases.computeIfAbsent(user, _ -> "lease" + tokens++));
    }

    @Override
    public CompletableFuture<Void> store(String user, String lease, long count, long nextExpiry) {
        return answer(() -> {
            if (lease.equals(leases.remove(user)) && !isMarked(user)) {
                counts.put(user, new Lookup.Cached(count, nextExpiry));
            }
            return user;
        }).thenAccept(_ -> {});
    }

    @Override
    public CompletableFuture<String> change(String user) {
        return answer(() -> {
            String token = "mark" + tokens++;
            marks.computeIfAbsent(user, _ -> new HashSet<>()).add(token);
            counts.remove(user);
            leases.remove(user);
            return token;
        });
    }

    @Override
    public CompletableFuture<Void> changed(String user, String token) {
        return answer(() -> {
            marks.getOrDefault(user, new HashSet<>()).remove(token);
            notices++;
            return user;
        }).thenAccept(_ -> {});
    }

    private synchronized <T> CompletableFuture<T> answer(Supplier<T> result) {
        return away
                ? CompletableFuture.failedFuture(new BackplaneUnavailableException("away"))
                : CompletableFuture.completedFuture(result.get());
    }
}
