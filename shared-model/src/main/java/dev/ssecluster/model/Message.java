package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A message to be sent, built step by step: every method returns a changed copy, the message itself is immutable.
 *
 * <pre>{@code
 * Send.toUser("123").type("order.shipped").data(order).priority(Priority.HIGH).persist().ttl(Duration.ofHours(1))
 * }</pre>
 *
 * @param <M> the type of the message itself
 */
public sealed interface Message<M extends Message<M>> permits Send, GroupSend, Broadcast {

    /** What is sent. */
    Content content();

    /** The key that makes a repetition harmless, see {@link #idempotencyKey(String)}. */
    @Nullable String idempotencyKey();

    /** This message with other content. */
    M with(Content content);

    /** The SSE event type. Required. */
    default M type(String type) {
        return with(content().withType(type));
    }

    /** Anything that the application's Jackson turns into JSON. JSON that exists as text already: {@link Json}. */
    default M data(@Nullable Object data) {
        return with(content().withData(data));
    }

    /** How urgent it is; {@link Priority#NORMAL} unless told. */
    default M priority(Priority priority) {
        return with(content().withPriority(priority));
    }

    /** Stores it, so that users who are away receive it when they come back. */
    default M persist() {
        return with(content().persistent());
    }

    /** How long it may be delivered, in whole seconds, rounded up. */
    default M ttl(Duration ttl) {
        return with(content().withTtl(ttl));
    }

    /**
     * Sends it once, however often it is repeated with the same key and content within 10 minutes: 1 to
     * {@link Limits#IDEMPOTENCY_KEY_CHARACTERS} visible ASCII characters.
     */
    M idempotencyKey(String key);

    /** The same message as one of a {@link Batch}. */
    @JsonIgnore
    BatchMessage inBatch();
}
