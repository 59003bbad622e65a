package dev.ssecluster.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.ssecluster.stream.StreamInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Redis keeps of a stream besides its ids.
 *
 * @param since when it was opened, microseconds
 */
record ConnectionInfo(
        @JsonProperty("user") @Nullable String user,
        @JsonProperty("groups") List<String> groups,
        @JsonProperty("since") long since) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static ConnectionInfo of(StreamInfo stream) {
        return new ConnectionInfo(stream.userId(), stream.groups(), stream.sinceMicros());
    }

    static ConnectionInfo parse(String json) {
        return JSON.readValue(json, ConnectionInfo.class);
    }

    String json() {
        return JSON.writeValueAsString(this);
    }
}
