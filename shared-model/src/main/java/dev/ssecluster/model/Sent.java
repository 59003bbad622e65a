package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that was accepted.
 *
 * @param eventId its id, which streams show as {@code id:}
 * @param nodes nodes that had a subscriber; 0: nobody is online
 * @param persisted whether it is in the database
 * @param journaled true: not there yet, but kept until it can be, because the database is away; absent otherwise
 * @param expiresAt when it stops being delivered; absent when it is not stored and has no {@code ttl}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Sent(
        @JsonProperty("event_id") String eventId,
        @JsonProperty("nodes") int nodes,
        @JsonProperty("persisted") boolean persisted,
        @JsonProperty("journaled") @Nullable Boolean journaled,
        @JsonProperty("expires_at") @Nullable Instant expiresAt) {}
