package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import org.jspecify.annotations.Nullable;

/** An event and its encodings, each made at most once for each shard that needs it. */
final class EncodedEvent {

    private final Event event;
    private final SseFrame plain;
    private volatile @Nullable SseFrame enveloped;

    EncodedEvent(Event event) {
        this.event = event;
        this.plain = SseEncoder.plain(event);
    }

    Event event() {
        return event;
    }

    long id() {
        return event.id();
    }

    SseFrame frame(boolean envelope) {
        return envelope ? enveloped() : plain;
    }

    private SseFrame enveloped() {
        SseFrame made = enveloped;
        if (made == null) { // two shards may both encode it: the same bytes, and cheaper than a lock
            made = SseEncoder.enveloped(event);
            enveloped = made;
        }
        return made;
    }
}
