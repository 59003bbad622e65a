package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import java.util.List;
import java.util.function.Consumer;

/** Somebody waits for channels to be subscribed. */
final class Acquisition extends Awaited<Void> {

    final List<Target> targets;

    /** Channels not yet acknowledged; 0 when it is over, one way or the other. Guarded by the lock of {@link Channels}. */
    int missing;

    private final Consumer<Acquisition> onExpire;

    Acquisition(List<Target> targets, long deadline, Consumer<Acquisition> onExpire) {
        super(deadline);
        this.targets = targets;
        this.onExpire = onExpire;
    }

    @Override
    void expire() {
        onExpire.accept(this);
    }
}
