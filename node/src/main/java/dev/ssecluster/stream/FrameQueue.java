package dev.ssecluster.stream;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** First in, first out; a ring that grows. One thread. */
final class FrameQueue {

    private @Nullable SseFrame[] ring = new SseFrame[8]; // a power of two
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int capacity() {
        return ring.length;
    }

    void add(SseFrame frame) {
        if (size == ring.length) {
            grow();
        }
        ring[(head + size++) & (ring.length - 1)] = frame;
    }

    void addAll(FrameQueue other) {
        for (int i = 0; i < other.size; i++) {
            add(Objects.requireNonNull(other.ring[(other.head + i) & (other.ring.length - 1)]));
        }
    }

    @Nullable SseFrame peek() {
        return size == 0 ? null : ring[head];
    }

    SseFrame remove() {
        SseFrame frame = Objects.requireNonNull(ring[head]);
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        return frame;
    }

    private void grow() {
        @Nullable SseFrame[] larger = Arrays.copyOf(ring, ring.length * 2);
        for (int i = 0; i < size; i++) {
            larger[i] = ring[(head + i) & (ring.length - 1)];
        }
        Arrays.fill(larger, size, larger.length, null);
        ring = larger;
        head = 0;
    }
}
