package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is sent, whomever it is for. Immutable.
 *
 * @param type the SSE event type, see {@link Rules#eventType}
 * @param data anything that becomes JSON, at most {@link Limits#DATA_BYTES} bytes; null is the JSON value {@code null}
 * @param priority absent: {@link Priority#NORMAL}
 * @param persist whether it is stored for users who are away; absent: it is not
 * @param ttl seconds after which it is not delivered any more; absent: the node's retention if it is stored, else it is delivered as
 *     long as the recent history has it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Content(
        @JsonProperty("event_type") @Nullable String type,
        @JsonProperty("data") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Object data,
        @JsonProperty("priority") @Nullable Priority priority,
        @JsonProperty("persist") @Nullable Boolean persist,
        @JsonProperty("ttl") @Nullable Long ttl) {

    static final Content EMPTY = new Content(null, null, null, null, null);

    Content withType(String newType) {
        return new Content(newType, data, priority, persist, ttl);
    }

    Content withData(@Nullable Object newData) {
        return new Content(type, newData, priority, persist, ttl);
    }

    Content withPriority(Priority newPriority) {
        return new Content(type, data, newPriority, persist, ttl);
    }

    Content persistent() {
        return new Content(type, data, priority, true, ttl);
    }

    /** Rounds up to whole seconds, so that nothing expires earlier than was asked for. */
    Content withTtl(Duration newTtl) {
        return new Content(type, data, priority, persist, newTtl.plusNanos(999_999_999).toSeconds());
    }
}
