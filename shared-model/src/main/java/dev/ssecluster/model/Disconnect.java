package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How clients are disconnected.
 *
 * @param blockSeconds for that long a return is sent away, 0 to {@link Limits#BLOCK_SECONDS}; null or 0: not at all, or for
 *     {@link Limits#FINAL_SECONDS} when it is final
 * @param isFinal whether a return gets 204, which ends an EventSource; null: it is told when to come back
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Disconnect(
        @JsonProperty("block_seconds") @Nullable Integer blockSeconds, @JsonProperty("final") @Nullable Boolean isFinal) {

    /** Who returns within that time, in whole seconds, is told when to come back. */
    public static Disconnect blockedFor(Duration time) {
        return new Disconnect(Math.toIntExact(time.toSeconds()), null);
    }

    /** Clients shall stay away. */
    public static Disconnect forGood() {
        return new Disconnect(null, true);
    }
}
