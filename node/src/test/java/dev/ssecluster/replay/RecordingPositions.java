package dev.ssecluster.replay;

import dev.ssecluster.event.Target;
import dev.ssecluster.store.PositionStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Remembers what was to be raised, for failures that a real database cannot be made to show. */
final class RecordingPositions implements PositionStore {

    private final List<List<Served>> batches = new ArrayList<>();
    private @Nullable Supplier<? extends RuntimeException> failure;

    /** The supplier may throw an error itself. */
    synchronized void fail(Supplier<? extends RuntimeException> reason) {
        failure = reason;
    }

    synchronized void comeBack() {
        failure = null;
    }

    synchronized List<List<Served>> batches() {
        return List.copyOf(batches);
    }

    synchronized List<Served> raised() {
        return batches.stream().flatMap(List::stream).toList();
    }

    @Override
    public void settle(Target owner, long most) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized void raise(Collection<Served> served) {
        if (failure != null) {
            throw failure.get();
        }
        batches.add(List.copyOf(served));
    }

    @Override
    public Map<Target, Start> starts(Collection<Target> owners, long now) {
        return Map.of();
    }
}
