package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Up to {@link Limits#BATCH_MESSAGES} messages, sent in this order. Each is accepted or refused on its own.
 *
 * @param messages what an application sends is {@link BatchMessage}s
 */
public record Batch(@JsonProperty("messages") List<? extends Entry> messages) {

    /** One message of a batch. A node has kinds of its own for those that it has read and those that it refuses. */
    public interface Entry {}

    /** A batch of the same messages that the single calls take. */
    public static Batch of(Message<?>... messages) {
        return of(Stream.of(messages));
    }

    /** A batch of the same messages that the single calls take. */
    public static Batch of(Collection<? extends Message<?>> messages) {
        return of(messages.stream());
    }

    private static Batch of(Stream<? extends Message<?>> messages) {
        return new Batch(messages.map(Message::inBatch).toList());
    }
}
