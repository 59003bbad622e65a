package dev.ssecluster.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a node says of itself in Redis.
 *
 * @param address host and port
 * @param started microseconds
 * @param users who have a stream there
 * @param groups that have a stream there
 */
record NodeInfo(
        @JsonProperty("address") String address,
        @JsonProperty("version") String version,
        @JsonProperty("started") long started,
        @JsonProperty("streams") int streams,
        @JsonProperty("users") int users,
        @JsonProperty("groups") int groups) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static NodeInfo parse(String json) {
        return JSON.readValue(json, NodeInfo.class);
    }

    String json() {
        return JSON.writeValueAsString(this);
    }
}
