package dev.ssecluster.connect;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of {@code connected}.
 *
 * @param resumed whether the stream continues where the client's cursor stands
 * @param replay how much of what was sent since its cursor the stream gives the client: "complete", "persisted" or "none"
 */
record Greeting(
        @JsonProperty("client_id") String clientId,
        @JsonProperty("connection_id") String connectionId,
        @JsonProperty("user_id") @Nullable String userId,
        @JsonProperty("groups") List<String> groups,
        @JsonProperty("node") String node,
        @JsonProperty("heartbeat_ms") long heartbeatMillis,
        @JsonProperty("resumed") boolean resumed,
        @JsonProperty("replay") String replay) {}
