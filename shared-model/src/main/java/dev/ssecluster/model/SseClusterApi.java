package dev.ssecluster.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * The HTTP interface for publishers. The node implements it; a Java application calls it through a proxy:
 *
 * <pre>{@code
 * RestClient http = RestClient.create("http://127.0.0.1:8081");
 * SseClusterApi sse = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(http)).build()
 *         .createClient(SseClusterApi.class);
 * sse.send(Send.toUser("123").type("order.shipped").data(order).priority(Priority.HIGH));
 * sse.sendToGroup(Send.toGroup("dispatch").type("order.new").data(order).persist().ttl(Duration.ofHours(1)));
 * sse.broadcast(Send.toEveryone().type("maintenance").data(new Json("{\"minutes\":5}")));
 * }</pre>
 *
 * <p><b>Errors.</b> With {@code RestClient}, a 4xx answer throws {@code HttpClientErrorException} and a 5xx answer
 * {@code HttpServerErrorException}, both {@code RestClientResponseException}; {@code e.getResponseBodyAs(Problem.class)} is the
 * {@link Problem}. A node that cannot be reached, or does not answer, throws {@code ResourceAccessException}. What to do:
 *
 * <ul>
 *   <li>4xx: the message is wrong, nothing was sent; repeating it does not help. {@link Problem#errors()} names the fields.
 *       Exceptions: 408 and 429, which may be repeated later.
 *   <li>503 with {@link Outcome#NOT_SENT}: nothing was sent. Repeat it after {@code Retry-After}.
 *   <li>503 or 500 with {@link Outcome#UNKNOWN}, and {@code ResourceAccessException}: it may have been sent. Repeat it with the same
 *       idempotency key, then it is sent once; so set {@link Message#idempotencyKey(String)} before the first try.
 * </ul>
 *
 * <p>{@link #sendBatch} throws only when the whole body is wrong or too large; otherwise each {@link BatchResult} says what became
 * of its message, by the same rules.
 */
@HttpExchange("/api/v1/sse")
public interface SseClusterApi {

    /** The header that carries {@link Message#idempotencyKey()}. */
    String IDEMPOTENCY_KEY = "Idempotency-Key";

    /** The header of an answer that repeats an earlier one, because its idempotency key was known. */
    String IDEMPOTENCY_REPLAYED = "Idempotency-Replayed";

    /** Sends to one user or client id. */
    @PostExchange(url = "/send", contentType = "application/json", accept = "application/json")
    Answer<Sent> send(
            @RequestBody Send message,
            @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey);

    /** Sends to all members of a group. */
    @PostExchange(url = "/send/group", contentType = "application/json", accept = "application/json")
    Answer<Sent> sendToGroup(
            @RequestBody GroupSend message,
            @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey);

    /** Sends to every stream. */
    @PostExchange(url = "/broadcast", contentType = "application/json", accept = "application/json")
    Answer<Sent> broadcast(
            @RequestBody Broadcast message,
            @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey);

    /**
     * Sends many messages in one request, in order. One result per message, in the same order.
     *
     * @param idempotencyKey gives each message a key made of it and the message's index, unless it has its own
     */
    @PostExchange(url = "/send/batch", contentType = "application/json", accept = "application/json")
    Answer<List<BatchResult>> sendBatch(
            @RequestBody Batch batch,
            @RequestHeader(name = IDEMPOTENCY_KEY, required = false) @Nullable String idempotencyKey);

    /** Sends to one user or client id, with the message's own idempotency key. */
    default Answer<Sent> send(Send message) {
        return send(message, message.idempotencyKey());
    }

    /** Sends to all members of a group, with the message's own idempotency key. */
    default Answer<Sent> sendToGroup(GroupSend message) {
        return sendToGroup(message, message.idempotencyKey());
    }

    /** Sends to every stream, with the message's own idempotency key. */
    default Answer<Sent> broadcast(Broadcast message) {
        return broadcast(message, message.idempotencyKey());
    }

    /** Sends many messages in one request, each with its own idempotency key, if it has one. */
    default Answer<List<BatchResult>> sendBatch(Batch batch) {
        return sendBatch(batch, null);
    }
}
