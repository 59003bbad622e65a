package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a user is there.
 *
 * @param online whether a stream of the user's is open anywhere, or was a moment ago: what {@code user_status} says, too
 * @param status {@link #ONLINE} or {@link #OFFLINE}, as {@code online} says
 * @param lastSeen now while there is a stream, else when the last stream ended; null: that is not known, or long ago
 * @param connections the open streams, the oldest first; at most 1 000
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record UserPresence(
        @JsonProperty("user_id") String userId,
        @JsonProperty("online") boolean online,
        @JsonProperty("status") String status,
        @JsonProperty("last_seen") @Nullable Instant lastSeen,
        @JsonProperty("connections") List<Connection> connections) {

    /** There is a stream, or the last one has just ended. */
    public static final String ONLINE = "online";

    /** There is none. */
    public static final String OFFLINE = "offline";

    /**
     * One open stream.
     *
     * @param node the id of the node that it is on
     * @param groups that it listens to; what it has joined since it was opened appears a minute or two later
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Connection(
            @JsonProperty("connection_id") String connectionId,
            @JsonProperty("client_id") String clientId,
            @JsonProperty("node") String node,
            @JsonProperty("groups") List<String> groups,
            @JsonProperty("since") Instant since) {}
}
