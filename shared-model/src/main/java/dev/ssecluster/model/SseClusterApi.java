package dev.ssecluster.model;

import org.springframework.web.service.annotation.HttpExchange;

/**
 * The HTTP interface. The node implements it; a Java application calls it through a proxy:
 *
 * <pre>{@code
 * RestClient http = RestClient.create("http://127.0.0.1:8081");
 * SseClusterApi sse = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(http)).build()
 *         .createClient(SseClusterApi.class);
 * sse.send(Send.toUser("123").type("order.shipped").data(order).priority(Priority.HIGH));
 * sse.sendToGroup(Send.toGroup("dispatch").type("order.new").data(order).persist().ttl(Duration.ofHours(1)));
 * sse.broadcast(Send.toEveryone().type("maintenance").data(new Json("{\"minutes\":5}")));
 * List<InboxMessage> inbox = sse.inbox("123").data();
 * long unread = sse.markRead(MarkRead.upTo("123", inbox.get(0).eventId())).data().unread();
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
 * <p>The calls that read may be repeated at any time, {@link #markRead} too.
 *
 * <p>{@link #sendBatch} throws only when the whole body is wrong or too large; otherwise each {@link BatchResult} says what became
 * of its message, by the same rules.
 */
@HttpExchange("/api/v1/sse")
public interface SseClusterApi extends SendApi, MessagesApi, SubscriptionsApi, ClusterApi, AdminApi {}
