package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps the encodings of small events that were replayed last: when a whole group comes back at once, each event is encoded
 * once and not once for each stream. Thread-safe; bounded by {@value #SLOTS} events of {@value #LARGEST} bytes.
 */
final class Encodings {

    static final int SLOTS = 1024;
    static final int LARGEST = 4 * 1024;

    private final AtomicReferenceArray<EncodedEvent> slots = new AtomicReferenceArray<>(SLOTS);

    /** Ids are unique, so an equal id is the same event. */
    EncodedEvent of(Event event) {
        int slot = (int) (event.id() & SLOTS - 1);
        EncodedEvent kept = slots.get(slot);
        if (kept != null && kept.id() == event.id()) {
            return kept;
        }
        EncodedEvent made = new EncodedEvent(event);
        if (event.data().length <= LARGEST) {
            slots.set(slot, made);
        }
        return made;
    }
}
