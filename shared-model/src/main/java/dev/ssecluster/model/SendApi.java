package dev.ssecluster.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** The calls that send; applications use {@link SseClusterApi}. */
@HttpExchange("/api/v1/sse")
public interface SendApi {

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
