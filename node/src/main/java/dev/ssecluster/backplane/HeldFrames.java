package dev.ssecluster.backplane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * What came over a new connection before what was missed could be handed over. Bounded: when it would be too much, all of it is
 * dropped, since it can be read again like the rest; but for requests, which cannot. The lock of {@link Handover} guards it.
 */
final class HeldFrames {

    private static final int OVERHEAD = 150; // bytes for each frame, about

    private final Queue<Frame> frames = new ArrayDeque<>();
    private final long mostBytes;
    private long bytes;
    private long requestBytes;
    private boolean hasOverflowed;

    HeldFrames(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** {@code size} in bytes on the wire. */
    void add(Frame frame, int size) {
        bytes += size + OVERHEAD;
        requestBytes += frame instanceof Frame.Asked ? size + OVERHEAD : 0;
        frames.add(frame);
        if (bytes > mostBytes) {
            hasOverflowed = true;
            dropEvents();
        }
    }

    /** From now on nothing is missing, as long as {@link #hasOverflowed} does not say otherwise. */
    void restart() {
        dropEvents();
        hasOverflowed = false;
    }

    boolean hasOverflowed() {
        return hasOverflowed;
    }

    /** Takes the events, with their traces, and requests up to that id, and drops whatever came before them. */
    List<Frame> takeUpTo(long id) {
        List<Frame> taken = new ArrayList<>();
        while (!frames.isEmpty() && idOf(frames.element()) <= id) {
            Frame frame = frames.remove();
            if (idOf(frame) > 0) {
                taken.add(frame);
            }
        }
        return taken;
    }

    Queue<Frame> frames() {
        return frames;
    }

    /** 0 for what is not kept. */
    private static long idOf(Frame frame) {
        return switch (frame) {
            case Frame.Delivery(var event) -> event.id();
            case Frame.Asked asked -> asked.request().id();
            case Frame.Traced traced -> traced.id();
            default -> 0;
        };
    }

    private void dropEvents() {
        boolean areTooMany = requestBytes > mostBytes / 2; // then who asked gets no answer
        frames.removeIf(frame -> areTooMany || !(frame instanceof Frame.Asked));
        requestBytes = areTooMany ? 0 : requestBytes;
        bytes = requestBytes;
    }
}
