package dev.ssecluster.problem;

import dev.ssecluster.model.Outcome;
import org.jspecify.annotations.Nullable;

/** Every kind of problem there is. The slugs are part of the interface: they end the type URI and tag the counter. */
public enum ProblemType {
    INVALID_REQUEST("invalid-request", 400),
    MALFORMED_JSON("malformed-json", 400),
    INCOMPLETE_BODY("incomplete-body", 400),
    MALFORMED_HTTP("malformed-http", 400),
    UNAUTHORIZED("unauthorized", 401),
    FORBIDDEN("forbidden", 403),
    HOST_NOT_ALLOWED("host-not-allowed", 403),
    NOT_FOUND("not-found", 404),
    NO_STREAMS("no-streams", 404),
    METHOD_NOT_ALLOWED("method-not-allowed", 405),
    NOT_ACCEPTABLE("not-acceptable", 406),
    BODY_TIMEOUT("body-timeout", 408),
    TOO_MANY_SUBSCRIPTIONS("too-many-subscriptions", 409),
    BODY_TOO_LARGE("body-too-large", 413),
    DATA_TOO_LARGE("data-too-large", 413),
    URI_TOO_LONG("uri-too-long", 414),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415),
    IDEMPOTENCY_KEY_REUSED("idempotency-key-reused", 422),
    TOO_MANY_REQUESTS("too-many-requests", 429),
    HEADERS_TOO_LARGE("headers-too-large", 431),
    INTERNAL_ERROR("internal-error", 500),
    NOT_STORABLE("not-storable", 500, Outcome.UNKNOWN),
    HTTP_NOT_IMPLEMENTED("http-not-implemented", 501),
    JOURNAL_FULL("journal-full", 503, Outcome.NOT_SENT),
    NOT_SENT("not-sent", 503, Outcome.NOT_SENT),
    OUTCOME_UNKNOWN("outcome-unknown", 503, Outcome.UNKNOWN),
    STORE_UNAVAILABLE("store-unavailable", 503),
    UNAVAILABLE("unavailable", 503),
    HTTP_VERSION_NOT_SUPPORTED("http-version-not-supported", 505);

    private static final String URI_PREFIX = "urn:sse-cluster:problem:";

    private final String slug;
    private final int status;
    private final @Nullable Outcome outcome;

    ProblemType(String slug, int status) {
        this(slug, status, null);
    }

    ProblemType(String slug, int status, @Nullable Outcome outcome) {
        this.slug = slug;
        this.status = status;
        this.outcome = outcome;
    }

    /** The name of this kind: lower case, words joined by hyphens. */
    public String slug() {
        return slug;
    }

    /** The HTTP status that always goes with it. */
    public int status() {
        return status;
    }

    String uri() {
        return URI_PREFIX + slug;
    }

    /** Whether its detail is nothing but a {@link Phrase} that says what was not allowed. */
    boolean saysWhy() {
        return this == UNAUTHORIZED || this == FORBIDDEN;
    }

    @Nullable Outcome outcome() {
        return outcome;
    }

    /** What a server or a framework means when all it says is this status; the status may become a more common one. */
    static ProblemType ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHORIZED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> BODY_TIMEOUT;
            case 413 -> BODY_TOO_LARGE;
            case 414 -> URI_TOO_LONG;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 429 -> TOO_MANY_REQUESTS;
            case 431 -> HEADERS_TOO_LARGE;
            case 501 -> HTTP_NOT_IMPLEMENTED;
            case 503 -> UNAVAILABLE;
            case 505 -> HTTP_VERSION_NOT_SUPPORTED;
            default -> status < 500 ? MALFORMED_HTTP : INTERNAL_ERROR;
        };
    }
}
