package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Takes what the backplane hands over: encodes each event once and puts it into the inboxes of the shards that have streams for it.
 */
final class Delivery {

    private final Shards shards;
    private final Topics topics;
    private final StreamMeters meters;
    private final Encodings encodings = new Encodings();
    private final Heard heard = new Heard();

    Delivery(Shards shards, Topics topics, StreamMeters meters) {
        this.shards = shards;
        this.topics = topics;
        this.meters = meters;
    }

    /** See {@link dev.ssecluster.event.EventSink}. */
    void onEvent(Event event) {
        Topic topic = topics.find(event.target()); // null: the last stream has gone, the channel has not yet
        if (topic != null && isWritable(event)) {
            EncodedEvent encoded = new EncodedEvent(event);
            shards.post(topic, owner -> owner.deliver(encoded, topic));
        }
        heard.advanceTo(event.id());
    }

    /** Encodes events that were read. */
    List<EncodedEvent> encode(List<Event> events) {
        return events.stream().filter(this::isWritable).map(encodings::of).toList();
    }

    /** No publisher of ours sends anything else. */
    private boolean isWritable(Event event) {
        boolean writable = event.data().length <= ShardStreams.LARGEST_DATA && SseEncoder.isFieldValue(event.type());
        if (!writable) {
            meters.unwritable();
        }
        return writable;
    }

    void onProbe(long id) {
        shards.post(owner -> owner.probe(id));
        heard.advanceTo(id);
    }

    void onGap(ResetReason reason, long persistedUpTo, Collection<Target> targets) {
        List<Topic> concerned = targets.stream().map(topics::find).filter(Objects::nonNull).toList();
        shards.post(owner -> owner.gap(reason, persistedUpTo, concerned));
    }

    /** How far the events have come. */
    Heard heard() {
        return heard;
    }
}
