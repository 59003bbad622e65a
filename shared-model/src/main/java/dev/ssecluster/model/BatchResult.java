package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of one message of a batch: sent, or refused with a problem. In JSON the fields of the one or the other.
 *
 * @param sent present when it was accepted
 * @param replayed true when an earlier send with the same idempotency key was found, so that nothing was sent now
 * @param problem present when it was not accepted
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BatchResult(
        @JsonUnwrapped @Nullable Sent sent,
        @JsonProperty("idempotency_replayed") @Nullable Boolean replayed,
        @JsonUnwrapped @Nullable Problem problem) {

    /** An accepted message. */
    public static BatchResult of(Sent sent, boolean replayed) {
        return new BatchResult(sent, replayed ? true : null, null);
    }

    /** A message that was not accepted. */
    public static BatchResult of(Problem problem) {
        return new BatchResult(null, null, problem);
    }

    /** Reads either form; Jackson cannot unwrap into a choice by itself. */
    @JsonCreator
    static BatchResult read(Fields fields) {
        return fields.eventId != null
                ? of(fields.sent(fields.eventId), Boolean.TRUE.equals(fields.replayed))
                : of(fields.problem());
    }

    /** Both forms side by side. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Fields(
            @JsonProperty("event_id") @Nullable String eventId,
            @JsonProperty("nodes") @Nullable Integer nodes,
            @JsonProperty("persisted") @Nullable Boolean persisted,
            @JsonProperty("journaled") @Nullable Boolean journaled,
            @JsonProperty("expires_at") @Nullable Instant expiresAt,
            @JsonProperty("idempotency_replayed") @Nullable Boolean replayed,
            @JsonProperty("type") @Nullable String type,
            @JsonProperty("title") @Nullable String title,
            @JsonProperty("status") @Nullable Integer status,
            @JsonProperty("detail") @Nullable String detail,
            @JsonProperty("instance") @Nullable String instance,
            @JsonProperty("errors") @Nullable List<Problem.FieldError> errors,
            @JsonProperty("outcome") @Nullable Outcome outcome) {

        Sent sent(String id) {
            return new Sent(id, nodes == null ? 0 : nodes, Boolean.TRUE.equals(persisted), journaled, expiresAt);
        }

        /** RFC 9457: a problem without a type is {@code about:blank}. */
        Problem problem() {
            return new Problem(
                    Objects.requireNonNullElse(type, "about:blank"),
                    Objects.requireNonNullElse(title, ""),
                    status == null ? 0 : status,
                    Objects.requireNonNullElse(detail, ""),
                    instance,
                    errors,
                    outcome);
        }
    }
}
