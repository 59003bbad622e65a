package dev.ssecluster.openapi;

import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Whatever comes, the node answers that the client is wrong, never that it is itself, and works as before. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("the log has to be its own")
class FuzzIT {

    private static final int REQUESTS = 10_000;
    private static final int NONSENSE = 500;
    private static final int CONNECTIONS = 8;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");

    private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\":\"#([^\"]+)\"");

    /** Its own, because what it blocks and subscribes others would meet. */
    private static final RedisServer REDIS = TestServices.newRedis();

    private static TestNode node;
    private static JsonNode description;

    private final ConcurrentMap<Integer, LongAdder> statuses = new ConcurrentHashMap<>();

    @BeforeAll
    static void start() {
        node = TestNode.startOn(REDIS, TestServices.emptyDatabase(), "sse.http.trusted-proxies=127.0.0.1", "sse.http.header-timeout=2s",
                "server.jetty.connection-idle-timeout=2s");
        node.awaitReady();
        description = JsonMapper.shared().readTree(get(node.port(), "/v3/api-docs"));
    }

    @AfterAll
    static void stop() {
        node.close();
        REDIS.close();
    }

    /** Every call that there is: one that {@code openapi.yaml} does not know would have no summary. */
    @Test
    void whenTheApiDescribesItselfThenNothingIsLeftOut() {
        RandomJson references = new RandomJson(description, new SplittableRandom(0));
        assertThat(description.path("paths").propertyNames()).hasSizeGreaterThan(15).allMatch(path -> path.startsWith("/api/v1/sse/"));
        description.path("paths").forEach(path -> path.forEach(operation -> {
            assertThat(operation.path("summary").asString("")).as(operation.toString()).isNotEmpty();
            assertThat(operation.path("responses").propertyNames()).contains("200", "400", "401", "403", "500", "503");
            operation.path("responses").forEach(response -> assertDescribed(references.resolve(response)));
            operation.path("parameters").forEach(parameter -> assertDescribed(references.resolve(parameter)));
            JsonNode body = operation.path("requestBody").path("content").path("application/json").path("schema");
            assertThat(body.isMissingNode() || references.resolve(body).has("properties")).isTrue();
        }));
        assertThat(REFERENCE.matcher(description.toString()).results().map(reference -> reference.group(1)))
                .allSatisfy(reference -> assertThat(description.at(reference).isObject()).as(reference).isTrue());
    }

    private static void assertDescribed(JsonNode part) {
        assertThat(part.path("description").asString("")).as(part.toString()).isNotEmpty();
    }

    @Test
    void whenAnythingIsAskedThenTheNodeNeverFails(CapturedOutput log) {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("seed " + seed);
        onAllConnections(seed, REQUESTS, this::ask);
        System.out.println(statuses);
        assertThat(statuses).containsKeys(200, 400, 404, 405, 415, 422);
        long unavailable = statuses.getOrDefault(503, new LongAdder()).sum();
        assertThat(unavailable).as("refused for a moment, on a busy machine").isLessThan(REQUESTS / 50);
        assertHealthy(log);
    }

    @Test
    void whenBytesAreNoRequestThenTheNodeNeverFails(CapturedOutput log) {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("seed " + seed);
        onAllConnections(seed, NONSENSE, this::mumble);
        assertHealthy(log);
    }

    private void onAllConnections(long seed, int count, BiConsumer<Wire, RandomRequests> work) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            RandomRequests requests = new RandomRequests(description, new SplittableRandom(seed + i));
            all.add(CompletableFuture.runAsync(() -> {
                Wire wire = new Wire(node.port());
                for (int n = 0; n < count / CONNECTIONS; n++) {
                    work.accept(wire, requests);
                }
                close(wire);
            }, Thread::startVirtualThread));
        }
        all.forEach(CompletableFuture::join);
    }

    private void ask(Wire wire, RandomRequests requests) {
        byte[] request = requests.framed();
        try {
            Wire.Answer answer = wire.exchange(request);
            statuses.computeIfAbsent(answer.status(), _ -> new LongAdder()).increment();
            check(answer, shown(request));
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException("No answer to: " + shown(request), e);
        }
    }

    private static void check(Wire.Answer answer, String request) {
        assertThat(answer.status() < 500 || answer.status() == 503).as("%s\n%s", request, answer).isTrue();
        assertThat(answer.body()).as(request).doesNotContain("Exception", "\tat ", "java.", "<html");
        if (answer.status() >= 400) {
            assertThat(answer.head()).as(request).contains("content-type: application/problem+json");
        }
    }

    /** 501 and 505 say that it is not HTTP as this server knows it. */
    private void mumble(Wire wire, RandomRequests requests) {
        byte[] bytes = requests.unframed();
        try {
            String answers = wire.nonsense(bytes);
            for (Matcher status = STATUS.matcher(answers); status.find(); ) {
                assertThat(status.group(1)).as("%s\n%s", shown(bytes), answers).matches("[1-4]..|501|503|505");
            }
            assertThat(answers).as(shown(bytes)).doesNotContain("Exception", "\tat ", "<html");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String shown(byte[] request) {
        return new String(request, 0, Math.min(request.length, 2_000), StandardCharsets.UTF_8);
    }

    private static void assertHealthy(CapturedOutput log) {
        try (SseClient client = node.stream("/stream?id=healthy&group=healthy")) {
            assertThat(node.post("/send/group", "{\"group\":\"healthy\",\"event_type\":\"t\",\"data\":\"well\"}").statusCode()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(client.data()).contains("\"well\""));
        }
        assertThat(get(node.managementPort(), "/actuator/health/readiness")).contains("UP");
        assertThat(log).doesNotContain(" WARN ", " ERROR ", "\tat ");
    }

    private static String get(int port, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + path);
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void close(Wire wire) {
        try {
            wire.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
