package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Somebody waits for channels to be subscribed. */
final class Acquisition implements Deadlines.Pending {

    final List<Target> targets;
    final CompletableFuture<Void> future = new CompletableFuture<>();

    /** Channels not yet acknowledged; 0 when it is over, one way or the other. Guarded by the lock of {@link Channels}. */
    int missing;

    private final long deadline;
    private final Consumer<Acquisition> onExpire;

    Acquisition(List<Target> targets, long deadline, Consumer<Acquisition> onExpire) {
        this.targets = targets;
        this.deadline = deadline;
        this.onExpire = onExpire;
    }

    @Override
    public boolean isDone() {
        return future.isDone();
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public void expire() {
        onExpire.accept(this);
    }
}
