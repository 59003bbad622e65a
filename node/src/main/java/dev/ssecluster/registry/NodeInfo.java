package dev.ssecluster.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a node says of itself in Redis.
 *
 * @param address host and port
 * @param started microseconds
 * @param users who have a stream there
 * @param groups that have a stream there
 * @param published messages that it has given to Redis since it started
 * @param delivered events that it has written to streams since it started
 * @param updated when it said so, microseconds
 */
record NodeInfo(
        @JsonProperty("address") String address,
        @JsonProperty("version") String version,
        @JsonProperty("started") long started,
        @JsonProperty("streams") int streams,
        @JsonProperty("users") int users,
        @JsonProperty("groups") int groups,
        @JsonProperty("published") long published,
        @JsonProperty("delivered") long delivered,
        @JsonProperty("updated") long updated) {

    /** A node of an older version does not say all of it. */
    private static final JsonMapper JSON =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

    static NodeInfo parse(String json) {
        return JSON.readValue(json, NodeInfo.class);
    }

    String json() {
        return JSON.writeValueAsString(this);
    }
}
