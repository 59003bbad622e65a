package dev.ssecluster.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * How far the events have come: all with an id up to this one, of the topics concerned, are in the shards' inboxes. Advanced by one
 * thread, without a lock unless somebody waits for it; any thread may wait.
 */
final class Heard {

    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(Comparator.comparingLong(Waiting::until)); // guarded by this
    private volatile long first = Long.MAX_VALUE; // for which the first one waits
    private volatile long id;

    private record Waiting(long until, Runnable action) {}

    void advanceTo(long heard) {
        if (heard > id) {
            id = heard;
            if (heard >= first) {
                takeDue().forEach(Runnable::run);
            }
        }
    }

    long id() {
        return id;
    }

    /** Runs the action, which must not block, when all up to that id is there; on the caller's thread if it is already. */
    void whenUpTo(long until, Runnable action) {
        synchronized (this) {
            waiting.add(new Waiting(until, action));
            first = waiting.element().until;
        }
        if (until <= id) { // set first before looking, as the other side advances before it looks
            takeDue().forEach(Runnable::run);
        }
    }

    private synchronized List<Runnable> takeDue() {
        List<Runnable> due = new ArrayList<>();
        Waiting next;
        while ((next = waiting.peek()) != null && next.until <= id) {
            due.add(waiting.remove().action);
        }
        first = next == null ? Long.MAX_VALUE : next.until;
        return due;
    }
}
