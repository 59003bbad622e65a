package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/** One message of a {@link Batch}, with its own target and idempotency key. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BatchMessage(
        @JsonProperty("target") To target,
        @JsonUnwrapped Content content,
        @JsonProperty("idempotency_key") @Nullable String idempotencyKey)
        implements Batch.Entry {

    /** Whom it is for: exactly one of these is present, and {@code broadcast} only as true. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record To(
            @JsonProperty("user_id") @Nullable String userId,
            @JsonProperty("client_id") @Nullable String clientId,
            @JsonProperty("group") @Nullable String group,
            @JsonProperty("broadcast") @Nullable Boolean broadcast) {}
}
