package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user's subscription.
 *
 * @param userId null in a list of one user's
 * @param eventTypes the types of the events that come; empty: all
 * @param status 0 disabled, which streams ignore; 1 enabled
 * @param createdAt since when it is enabled: events from before do not come
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubscriptionState(
        @JsonProperty("user_id") @Nullable String userId,
        @JsonProperty("group") String group,
        @JsonProperty("event_types") List<String> eventTypes,
        @JsonProperty("status") int status,
        @JsonProperty("created_at") Instant createdAt) {}
