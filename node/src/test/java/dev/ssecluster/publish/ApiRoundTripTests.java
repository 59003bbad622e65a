package dev.ssecluster.publish;

import dev.ssecluster.backplane.Publication;
import dev.ssecluster.backplane.PublishResult;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Answer;
import dev.ssecluster.model.Batch;
import dev.ssecluster.model.BatchResult;
import dev.ssecluster.model.InboxMessage;
import dev.ssecluster.model.Json;
import dev.ssecluster.model.MarkRead;
import dev.ssecluster.model.MarkedRead;
import dev.ssecluster.model.Outcome;
import dev.ssecluster.model.Priority;
import dev.ssecluster.model.Problem;
import dev.ssecluster.model.Send;
import dev.ssecluster.model.Sent;
import dev.ssecluster.model.SseClusterApi;
import dev.ssecluster.test.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/** A Java application calls a node through the typed interface. */
@PublishTest
class ApiRoundTripTests {

    @Autowired
    private RecordingBackplane backplane;

    @Autowired
    private MemoryStore store;

    private SseClusterApi sse;

    record Order(int number, String title) {}

    @BeforeEach
    void start(@LocalServerPort int port) {
        backplane.reset();
        store.clear();
        RestClient http = RestClient.create("http://127.0.0.1:" + port);
        sse = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(http)).build().createClient(SseClusterApi.class);
    }

    @Test
    void whenSentToAUserThenItArrivesAsBuilt() {
        Answer<Sent> answer = sse.send(
                Send.toUser("123").type("order.shipped").data(new Order(7, "Schrauben 🔩")).priority(Priority.HIGH));
        assertThat(answer.data().nodes()).isEqualTo(2);
        assertThat(answer.data().eventId()).matches("\\d+");
        Publication published = backplane.published().getFirst();
        assertThat(published.target()).isEqualTo(Target.user("123"));
        assertThat(published.priority()).isEqualTo(Priority.HIGH);
        assertThat(data(published)).isEqualTo("{\"number\":7,\"title\":\"Schrauben 🔩\"}");
    }

    @Test
    void whenSentToClientGroupOrEveryoneThenTheTargetIsThat() {
        sse.send(Send.toClient("c").type("t").data("text"));
        sse.sendToGroup(Send.toGroup("公告").type("t").data(List.of(1, 2)));
        sse.broadcast(Send.toEveryone().type("t").data(new Json("{\"n\": 1e400}")));
        sse.broadcast(Send.toEveryone().type("t"));
        assertThat(backplane.published())
                .extracting(Publication::target)
                .containsExactly(Target.client("c"), Target.group("公告"), Target.BROADCAST, Target.BROADCAST);
        assertThat(backplane.published())
                .extracting(ApiRoundTripTests::data)
                .containsExactly("\"text\"", "[1,2]", "{\"n\":1e400}", "null");
    }

    @Test
    void whenRepeatedWithAKeyThenItIsSentOnce() {
        Send message = Send.toUser("u").type("t").data(1).idempotencyKey("k");
        assertThat(sse.send(message)).isEqualTo(sse.send(message));
        assertThat(backplane.published()).hasSize(1);
        HttpClientErrorException reused =
                catchThrowableOfType(HttpClientErrorException.class, () -> sse.send(message.data(2)));
        assertThat(reused.getStatusCode().value()).isEqualTo(422);
    }

    @Test
    void whenABatchIsSentThenEachMessageHasItsResult() {
        Batch batch = Batch.of(
                Send.toUser("u").type("t").data(1).idempotencyKey("k"),
                Send.toGroup("a,b").type("t").data(2),
                Send.toEveryone().type("t").data(3),
                Send.toClient("c").type("t").data(4).idempotencyKey("k"));
        List<BatchResult> results = sse.sendBatch(batch).data();
        assertThat(results).extracting(result -> result.sent() != null).containsExactly(true, false, true, false);
        Problem refused = Objects.requireNonNull(results.get(1).problem());
        assertThat(refused.errors()).extracting(Problem.FieldError::field).containsExactly("messages[1].target.group");
        assertThat(results.get(3).problem()).extracting(Problem::status).isEqualTo(422);
        assertThat(sse.sendBatch(Batch.of(Send.toUser("u").type("t").data(1).idempotencyKey("k"))).data().getFirst().replayed())
                .isTrue();
    }

    @Test
    void whenTheMessageIsWrongThenTheExceptionCarriesTheProblem() {
        HttpClientErrorException wrong =
                catchThrowableOfType(HttpClientErrorException.class, () -> sse.send(Send.toUser("u,v").data(1)));
        Problem problem = problemOf(wrong);
        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.errors()).extracting(Problem.FieldError::field).containsExactly("user_id", "event_type");
        assertThat(problem.outcome()).isNull();
    }

    @Test
    void whenMessagesAreStoredThenTheyAreListedCountedAndMarkedInOneLineEach() {
        Sent first = sse.send(Send.toUser("u").type("order").data(new Order(7, "Schrauben 🔩")).persist()).data();
        Sent second = sse.send(Send.toUser("u").type("order").data(List.of(1.5, true)).persist().ttl(Duration.ofHours(1))).data();
        assertThat(first.persisted()).isTrue();
        assertThat(sse.pending("u").data()).extracting(InboxMessage::eventId).containsExactly(first.eventId(), second.eventId());
        assertThat(sse.pending("u", first.eventId()).data()).extracting(InboxMessage::expiresAt).containsExactly(second.expiresAt());
        assertThat(sse.inbox("u").data()).extracting(InboxMessage::data)
                .containsExactly(List.of(1.5, true), Map.of("number", 7, "title", "Schrauben 🔩"));
        assertThat(sse.inbox("u", InboxMessage.PENDING, null, 1).next()).isEqualTo(second.eventId());
        assertThat(sse.unread("u").data().unread()).isEqualTo(2);
        assertThat(sse.markRead(MarkRead.message("u", first.eventId())).data()).isEqualTo(new MarkedRead(1, 1));
        assertThat(sse.markRead(MarkRead.messages("u", List.of(first.eventId()))).data()).isEqualTo(new MarkedRead(0, 1));
        assertThat(sse.markRead(MarkRead.upTo("u", second.eventId())).data()).isEqualTo(new MarkedRead(1, 0));
    }

    @Test
    void whenTheDatabaseIsTooSlowThenTheMessageIsJournaled() {
        store.pause();
        Sent sent = sse.send(Send.toUser("u").type("t").data(1).persist()).data();
        assertThat(sent.persisted()).isFalse();
        assertThat(sent.journaled()).isTrue();
        store.resume();
        await().until(() -> !store.ids().isEmpty());
    }

    @Test
    void whenTheDatabaseIsAwayThenListsSaySo() {
        store.goAway();
        HttpServerErrorException away = catchThrowableOfType(HttpServerErrorException.class, () -> sse.inbox("u"));
        assertThat(problemOf(away).type()).endsWith("store-unavailable");
        store.comeBack();
    }

    @Test
    void whenTheClusterIsAwayThenTheOutcomeTellsWhetherToRepeat() {
        backplane.answerAlways(new PublishResult.Unknown());
        HttpServerErrorException away = catchThrowableOfType(
                HttpServerErrorException.class, () -> sse.broadcast(Send.toEveryone().type("t").data(1)));
        assertThat(problemOf(away).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(away.getResponseHeaders()).isNotNull();
    }

    private static Problem problemOf(RestClientResponseException e) {
        return Objects.requireNonNull(e.getResponseBodyAs(Problem.class));
    }

    private static String data(Publication publication) {
        return new String(publication.data(), StandardCharsets.UTF_8);
    }
}
