package dev.ssecluster.connect;

import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class StreamRefusalIT {

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start("sse.stream.max-streams=1", "sse.stream.max-groups=3");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void whenFullThenAnEventSourceIsSentAwayAndABalancerGets503() throws Exception {
        await().until(() -> node.streams() == 0); // of another test
        try (SseClient first = node.stream("/stream/a")) {
            assertThat(first.isConnected()).isTrue();
            HttpResponse<String> refused = get("/stream/b");
            assertThat(refused.statusCode()).isEqualTo(200);
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            assertThat(refused.body()).matches("""
                    retry: [1-6][0-9]{4}
                    event: sse.goaway
                    data: \\{"reason":"full","retry_ms":[1-6][0-9]{4}}

                    """).doesNotContain("id:");
            assertThat(get("/stream/b", "Last-Event-ID", "1795417625969409").body()).contains("id: 1795417625969409\n");
            assertThat(get("/stream/b?last_event_id=1%0Adata:x").body()).doesNotContain("id:", "data:x");
            double full = node.counter("sse.refused", "reason", "full");
            double unavailable = node.counter("sse.refused", "reason", "unavailable");
            HttpResponse<String> failover = get("/stream/b", "X-SSE-Failover", "1");
            assertThat(failover.statusCode()).isEqualTo(503);
            assertThat(node.counter("sse.refused", "reason", "full")).as("an alert looks at this one").isEqualTo(full + 1);
            assertThat(node.counter("sse.refused", "reason", "unavailable")).isEqualTo(unavailable);
            assertThat(failover.headers().firstValue("Retry-After")).isPresent();
            assertThat(failover.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        }
        await().until(() -> node.streams() == 0);
        node.stream("/stream/b").close();
        await().until(() -> node.streams() == 0);
    }

    @ParameterizedTest
    @CsvSource({"/stream?id=, id", "/stream?id=a%2Cb, id", "/stream?id=a%00b, id", "/stream?user_id=%20x, user_id", "/stream?group=a%2C%2Cb, group",
            "/stream?group=a&group=b&group=c&group=d, group", "/stream/a?heartbeat=maybe, heartbeat", "/stream/a?envelope=1, envelope",
            "/stream/a?backlog=all, backlog", "/stream?id=a&id=b, id", "/stream?user_id=a&user_id=b, user_id",
            "/stream/a?last_event_id=1&last_event_id=2, last_event_id", "/stream/a?unread=true&unread=true, unread", "/stream?id=.., id"})
    void whenRequestIsWrongThenAProblemNamesTheField(String path, String field) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).contains("\"field\":\"" + field + "\"");
        assertThat(node.streams()).isZero();
    }

    @Test
    void whenIdIsOverlongThenItIsCountedInCharacters() throws Exception {
        String face = "%F0%9F%98%80";
        assertThat(get("/stream?id=" + face.repeat(65)).statusCode()).isEqualTo(400);
        node.stream("/stream?id=" + face.repeat(64)).close();
        await().until(() -> node.streams() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evt_123", "999999999999999", "9999999999999999", "1~2", "-5", "1~9007199254740991-9007199254740991-9007199254740991"})
    void whenCursorCannotBeUsedThenAResetComesFirst(String cursor) {
        try (SseClient client = node.stream("/stream/c", "Last-Event-ID: " + cursor)) {
            assertThat(client.received()).extracting(event -> event.type()).containsExactly("sse.reset", "connected");
            assertThat(client.received().getFirst().lastEventId()).isEqualTo(client.lastEventId());
            assertThat(client.received().getLast().data()).contains("\"resumed\":false,\"replay\":\"none\"");
        }
        await().until(() -> node.streams() == 0);
    }

    @Test
    void whenNothingWasSentSinceThenTheStreamContinues() {
        SseClient first = node.stream("/stream/d");
        first.close();
        await().until(() -> node.streams() == 0);
        try (SseClient second = node.stream("/stream/d?last_event_id=1", "Last-Event-ID: " + first.lastEventId())) {
            assertThat(second.received()).hasSize(1);
            assertThat(second.received().getFirst().data()).contains("\"resumed\":true,\"replay\":\"complete\"");
        }
        await().until(() -> node.streams() == 0);
    }

    @Test
    void whenHeadThenThereIsNoEffectAndNoBody() throws Exception {
        HttpResponse<String> response = send(request("/stream/e").method("HEAD", HttpRequest.BodyPublishers.noBody()).build());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(node.streams()).isZero();
    }

    @Test
    void whenMethodOrMediaTypeIsWrongThenItIsAProblem() throws Exception {
        HttpResponse<String> post = send(request("/stream/f").POST(HttpRequest.BodyPublishers.ofString("x")).build());
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(post.headers().firstValue("Allow")).hasValueSatisfying(allow -> assertThat(allow).contains("GET"));
        assertThat(get("/stream/f", "Accept", "application/json").statusCode()).isEqualTo(406);
        assertThat(get("/stream/a/b/c").statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> get(String path, String... header) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        if (header.length > 0) {
            request.headers(header);
        }
        return send(request.build());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/api/v1/sse" + path));
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
