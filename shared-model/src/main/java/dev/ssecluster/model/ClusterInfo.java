package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster at one moment. A node that died is among its nodes for some seconds.
 *
 * @param nodes by their ids
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterInfo(@JsonProperty("nodes") List<Node> nodes, @JsonProperty("totals") Totals totals) {

    /**
     * A node.
     *
     * @param address host and port
     * @param streams that are open there; this and what follows is some seconds old
     * @param users who have a stream there
     * @param groups that have a stream there
     * @param eventsPublished messages that it has given to Redis since it started
     * @param eventsDelivered events that it has written to streams since it started; two answers with their {@code updatedAt} make a rate
     * @param updatedAt when the node said so
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Node(
            @JsonProperty("id") String id,
            @JsonProperty("address") String address,
            @JsonProperty("version") String version,
            @JsonProperty("uptime_seconds") long uptimeSeconds,
            @JsonProperty("started_at") Instant startedAt,
            @JsonProperty("streams") long streams,
            @JsonProperty("users") long users,
            @JsonProperty("groups") long groups,
            @JsonProperty("events_published") long eventsPublished,
            @JsonProperty("events_delivered") long eventsDelivered,
            @JsonProperty("updated_at") Instant updatedAt) {}

    /**
     * All nodes together.
     *
     * @param users who are online: each counts once, and until it is announced as offline
     * @param groups that have a stream anywhere, each once; null: more than 100 000 names would have to be compared
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Totals(
            @JsonProperty("nodes") int nodes,
            @JsonProperty("streams") long streams,
            @JsonProperty("users") long users,
            @JsonProperty("groups") @Nullable Long groups) {}
}
