package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * What came over a new connection before what was missed could be handed over. Bounded: when it would be too much, all of it is
 * dropped, since it can be read again like the rest. The lock of {@link Handover} guards it.
 */
final class HeldFrames {

    private static final int OVERHEAD = 150; // bytes for each frame, about

    private final Queue<Frame> frames = new ArrayDeque<>();
    private final long mostBytes;
    private long bytes;
    private boolean hasOverflowed;

    HeldFrames(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** {@code size} in bytes on the wire. */
    void add(Frame frame, int size) {
        bytes += size + OVERHEAD;
        if (bytes > mostBytes) {
            clear();
            hasOverflowed = true;
        } else {
            frames.add(frame);
        }
    }

    /** From now on nothing is missing, as long as {@link #hasOverflowed} does not say otherwise. */
    void restart() {
        clear();
        hasOverflowed = false;
    }

    boolean hasOverflowed() {
        return hasOverflowed;
    }

    /** Takes the events up to that id, and whatever came before them. */
    List<Event> takeUpTo(long id) {
        List<Event> taken = new ArrayList<>();
        while (!frames.isEmpty() && isUpTo(frames.element(), id)) {
            if (frames.remove() instanceof Frame.Delivery(var event)) {
                taken.add(event);
            }
        }
        return taken;
    }

    Queue<Frame> frames() {
        return frames;
    }

    private static boolean isUpTo(Frame frame, long id) {
        return !(frame instanceof Frame.Delivery(var event)) || event.id() <= id;
    }

    private void clear() {
        frames.clear();
        bytes = 0;
    }
}
