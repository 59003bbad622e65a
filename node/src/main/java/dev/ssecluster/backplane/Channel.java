package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One target's channel, as {@link Channels} sees it; its lock guards all that changes. There may be 50 000 of them, so an idle
 * one holds no collections.
 */
final class Channel implements Source {

    final Target target;
    State state = State.WANTED;
    int users;

    /** An UNSUBSCRIBE was sent whose acknowledgement has not come yet. */
    boolean unsubscribed;

    /** It is in one of the lists of channels without users. */
    boolean lingering;

    /** The sweep that may unsubscribe it at the earliest. */
    int leaveAtSweep;

    private @Nullable Queue<Acquisition> waiting;

    enum State {
        WANTED,
        SUBSCRIBING,
        SUBSCRIBED,
        UNSUBSCRIBING
    }

    Channel(Target target) {
        this.target = target;
    }

    @Override
    public byte[] channel() {
        return Keys.channel(target);
    }

    void await(Acquisition acquisition) {
        if (waiting == null) {
            waiting = new ArrayDeque<>(2);
        }
        dropDone(waiting); // while Redis is away acquisitions come and expire
        waiting.add(acquisition);
    }

    Collection<Acquisition> takeWaiting() {
        Queue<Acquisition> taken = waiting;
        waiting = null;
        return taken == null ? List.of() : taken;
    }

    /** Its connection has gone, and with it all that was asked there. */
    void forgetConnection() {
        state = State.WANTED;
        unsubscribed = false;
        lingering = false;
    }

    private static void dropDone(Queue<Acquisition> waiting) {
        while (!waiting.isEmpty() && waiting.element().isDone()) {
            waiting.remove();
        }
    }
}
