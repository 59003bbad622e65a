package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is in a group.
 *
 * @param userId null for an anonymous one
 * @param node the id of the node that it is on
 * @param since when it was opened
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record GroupMember(
        @JsonProperty("connection_id") String connectionId,
        @JsonProperty("client_id") String clientId,
        @JsonProperty("user_id") @Nullable String userId,
        @JsonProperty("node") String node,
        @JsonProperty("since") Instant since) {}
