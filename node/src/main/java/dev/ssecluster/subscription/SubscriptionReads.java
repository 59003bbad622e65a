package dev.ssecluster.subscription;

import dev.ssecluster.batch.Batcher;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.replay.Wait;
import dev.ssecluster.store.StoreAccess;
import dev.ssecluster.store.SubscriptionStore;
import dev.ssecluster.store.SubscriptionStore.Subscription;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.springframework.stereotype.Component;

/** Reads the subscriptions of many users in one query: all that are asked for while the query before is under way. Thread-safe. */
@Component
final class SubscriptionReads {

    private static final int USERS = 500;

    private final SubscriptionStore store;
    private final StoreAccess access;
    private final Batcher<String, List<Subscription>> reads = new Batcher<>(USERS, Batcher.VIRTUAL_THREADS, this::readAll);

    SubscriptionReads(SubscriptionStore store, StoreAccess access) {
        this.store = store;
        this.access = access;
    }

    /** Blocks. Sees everything committed before; throws {@link StoreUnavailableException} when the database is away, or was a moment ago. */
    List<Subscription> enabled(String user) {
        access.checkIsThere();
        return Wait.until(reads.submit(user)).stream().filter(Subscription::isEnabled).toList();
    }

    private CompletionStage<List<List<Subscription>>> readAll(List<String> users) {
        Map<String, List<Subscription>> found = access.ask(() -> store.of(new HashSet<>(users)));
        return CompletableFuture.completedFuture(users.stream().map(user -> found.getOrDefault(user, List.of())).toList());
    }
}
