package dev.ssecluster.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Visits every stream once a period. The period is divided into slots; a stream joins the slot that was visited last, so its
 * first turn comes a whole period later, and turns are spread as the streams' openings were. One thread.
 */
final class HeartbeatWheel {

    private static final int SLOTS = 64;

    private final List<List<Stream>> slots = new ArrayList<>(SLOTS);
    private final long slotNanos;
    private long visited;
    private final long startNanos;

    HeartbeatWheel(long periodNanos, long nowNanos) {
        slotNanos = Math.max(1, periodNanos / SLOTS);
        startNanos = nowNanos;
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>());
        }
    }

    void add(Stream stream) {
        List<Stream> slot = slots.get((int) (visited % SLOTS));
        stream.wheelSlot = slot;
        stream.wheelIndex = slot.size();
        slot.add(stream);
    }

    void remove(Stream stream) {
        List<Stream> slot = stream.wheelSlot;
        if (slot == null) {
            return;
        }
        Stream last = slot.removeLast();
        if (last != stream) {
            slot.set(stream.wheelIndex, last);
            last.wheelIndex = stream.wheelIndex;
        }
        stream.wheelSlot = null;
    }

    long slotNanos() {
        return slotNanos;
    }

    /** Visits every stream; the visitor may remove the one it is given. */
    void forEach(Consumer<Stream> visitor) {
        slots.forEach(slot -> visit(slot, visitor));
    }

    /** Visits one of so many parts of the streams; {@code parts} is a power of two. The visitor may remove the one it is given. */
    void forEach(int part, int parts, Consumer<Stream> visitor) {
        for (int i = part; i < SLOTS; i += parts) {
            visit(slots.get(i), visitor);
        }
    }

    /** Visits the slots whose time has come; at most one whole round. */
    void advance(long nowNanos, Consumer<Stream> visitor) {
        long due = (nowNanos - startNanos) / slotNanos;
        visited = Math.max(visited, due - SLOTS);
        while (visited < due) {
            visited++;
            visit(slots.get((int) (visited % SLOTS)), visitor);
        }
    }

    private static void visit(List<Stream> slot, Consumer<Stream> visitor) {
        for (int i = slot.size() - 1; i >= 0; i--) { // backwards: a removal moves the last one to the free place
            visitor.accept(slot.get(i));
        }
    }
}
