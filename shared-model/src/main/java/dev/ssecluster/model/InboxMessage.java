package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored message.
 *
 * @param eventId its id, which streams show as {@code id:}
 * @param data what Jackson makes of the publisher's JSON: a map, list, string, number, boolean or null
 * @param status {@link #PENDING}, {@link #SENT} or {@link #READ}
 * @param receiverType {@code user}
 * @param group absent for messages to users
 * @param expiresAt when it stops being delivered; absent: never
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InboxMessage(
        @JsonProperty("event_id") String eventId,
        @JsonProperty("event_type") String eventType,
        @JsonProperty("data") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Object data,
        @JsonProperty("priority") Priority priority,
        @JsonProperty("status") int status,
        @JsonProperty("receiver_type") String receiverType,
        @JsonProperty("group") @Nullable String group,
        @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("expires_at") @Nullable Instant expiresAt) {

    /** Stored, not delivered. */
    public static final int PENDING = 0;

    /** A stream of the user's wrote it; known when that has closed, else some minutes later. */
    public static final int SENT = 1;

    /** Marked as read. */
    public static final int READ = 2;
}
