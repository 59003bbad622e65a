package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of a user's messages have been read: exactly one of the three is present.
 *
 * @param eventIds at most {@link Limits#PAGE_MESSAGES}
 * @param upTo all up to this one; when it is the {@code id} of a stream, exactly those that this stream had written by then
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MarkRead(
        @JsonProperty("user_id") String userId,
        @JsonProperty("event_id") @Nullable String eventId,
        @JsonProperty("event_ids") @Nullable List<String> eventIds,
        @JsonProperty("up_to") @Nullable String upTo) {

    /** One message. */
    public static MarkRead message(String userId, String eventId) {
        return new MarkRead(userId, eventId, null, null);
    }

    /** These messages. */
    public static MarkRead messages(String userId, Collection<String> eventIds) {
        return new MarkRead(userId, null, List.copyOf(eventIds), null);
    }

    /** All messages up to this one. */
    public static MarkRead upTo(String userId, String eventId) {
        return new MarkRead(userId, null, null, eventId);
    }
}
