package dev.ssecluster.openapi;

import com.nimbusds.jose.JWSAlgorithm;
import dev.ssecluster.publish.Http;
import dev.ssecluster.test.Database;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import dev.ssecluster.test.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
import java.util.stream.Stream;
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

/**
 * Whatever comes, the node answers that the client is wrong, never that it is itself, and works as before. The one 5xx that a request of
 * HTTP may get is 503, with {@code Retry-After}, and fewer than one in {@value #ALLOWANCE} may get it: they come as fast as the node
 * answers, on a machine that has other work, so Redis or the database may be late or a bound be reached, and then the node has to refuse
 * for a moment rather than queue without end. That it was only for a moment shows afterwards.
 */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("the log has to be its own")
class FuzzIT {

    private static final int REQUESTS = 10_000;
    private static final int SECURED_REQUESTS = 1_000;
    private static final int NONSENSE = 500;

    /** Fewer than one request in so many may be answered 503. */
    private static final int ALLOWANCE = 50;

    private static final int CONNECTIONS = 8;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");

    private static final String OURS = "https://app.example";
    private static final String[] HEALTHY = token("healthy").scopes("sse.admin").header();

    /** Lines of heads that give no right at all; the cookie's token is good, but a foreign page sends it. */
    private static final List<String> WRONG = List.of(
            "Authorization: Bearer nonsense\r\n",
            "Authorization: Bearer a.b.c\r\n",
            "Authorization: Basic dTpw\r\n",
            bearer(token("abcd").scopes("sse.admin").expiresIn(Duration.ofMinutes(-5)).signed()),
            bearer(token("abcd").scopes("sse.admin").with("aud", "other").signed()),
            bearer(token("abcd").scopes("sse.admin").unsigned()),
            bearer(token("abcd").scopes("sse.admin").signed(JWSAlgorithm.RS256, TestTokens.rsaKey("test"))),
            "Cookie: sse_token=" + token("abcd").scopes("sse.admin").signed() + "\r\nOrigin: https://evil.example\r\n");

    /** Lines of heads that give some right, mostly to a user whom the requests name, too. */
    private static final List<String> GOOD = List.of(
            bearer(token("abcd").groups("a*").signed()),
            bearer(token("abcd").scopes("sse.publish").sendsTo("user:a*", "group:*").signed()),
            bearer(token("server").scopes("sse.act", "sse.publish").signed()),
            bearer(token("abcd").scopes("sse.admin").signed()),
            "Cookie: sse_token=" + token("abcd").groups("*").signed() + "\r\nOrigin: " + OURS + "\r\n");

    private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\":\"#([^\"]+)\"");

    /** Its own, because what it blocks and subscribes others would meet. */
    private static final RedisServer REDIS = TestServices.newRedis();
    private static final Database DATABASE = TestServices.emptyDatabase();

    private static TestNode node;
    private static JsonNode description;

    private final ConcurrentMap<Integer, LongAdder> statuses = new ConcurrentHashMap<>();

    @BeforeAll
    static void start() {
        node = startNode();
        description = describe(node);
    }

    private static TestNode startNode(String... security) {
        Stream<String> all = Stream.of("sse.http.trusted-proxies=127.0.0.1", "sse.http.header-timeout=2s",
                "server.jetty.connection-idle-timeout=2s");
        TestNode started = TestNode.startOn(REDIS, DATABASE, Stream.concat(all, Stream.of(security)).toArray(String[]::new));
        started.awaitReady();
        return started;
    }

    /** Outlives the class, however slow the machine is. */
    private static TestTokens token(String user) {
        return TestTokens.of(user).expiresIn(Duration.ofHours(1));
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }

    private static JsonNode describe(TestNode described) {
        return JsonMapper.shared().readTree(new Http(described.port(), "").get("/v3/api-docs", HEALTHY).body());
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
        onAllConnections(node, description, REQUESTS, (wire, requests) -> ask(wire, requests.framed()));
        assertThat(statuses).containsKeys(200, 400, 404, 405, 415, 422);
        assertHealthy(node, REQUESTS, log);
    }

    /** A third of the requests has no token, a third a wrong one; neither gets anything but a refusal. */
    @Test
    void whenTokensAreMissingWrongOrGoodThenTheNodeNeverFails(CapturedOutput log) {
        Stream<String> settings = Stream.concat(Stream.of(TestTokens.settings()), Stream.of("sse.security.allowed-origins=" + OURS));
        try (TestNode secured = startNode(settings.toArray(String[]::new))) {
            JsonNode all = describe(secured);
            assertThat(all.path("paths").path("/api/v1/sse/session").propertyNames()).containsExactlyInAnyOrder("post", "delete");
            List<List<String>> credentials = List.of(List.of(""), WRONG, GOOD);
            onAllConnections(secured, all, SECURED_REQUESTS, (wire, requests) -> askAs(requests.pick(credentials), wire, requests));
            assertThat(statuses).containsKeys(200, 204, 400, 401, 403);
            assertHealthy(secured, SECURED_REQUESTS, log);
        }
    }

    private void askAs(List<String> credentials, Wire wire, RandomRequests requests) {
        String lines = requests.pick(credentials);
        Wire.Answer answer = ask(wire, requests.framed(lines));
        if (!GOOD.contains(lines)) {
            assertThat(answer.status()).as("%s%s", lines, answer).isGreaterThanOrEqualTo(400);
        }
    }

    @Test
    void whenBytesAreNoRequestThenTheNodeNeverFails(CapturedOutput log) {
        onAllConnections(node, description, NONSENSE, this::mumble);
        assertHealthy(node, NONSENSE, log);
    }

    private void onAllConnections(TestNode asked, JsonNode described, int count, BiConsumer<Wire, RandomRequests> work) {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("seed " + seed);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            RandomRequests requests = new RandomRequests(described, new SplittableRandom(seed + i));
            all.add(CompletableFuture.runAsync(() -> {
                Wire wire = new Wire(asked.port());
                for (int n = 0; n < count / CONNECTIONS; n++) {
                    work.accept(wire, requests);
                }
                close(wire);
            }, Thread::startVirtualThread));
        }
        all.forEach(CompletableFuture::join);
        System.out.println(statuses);
    }

    private Wire.Answer ask(Wire wire, byte[] request) {
        try {
            Wire.Answer answer = wire.exchange(request);
            statuses.computeIfAbsent(answer.status(), _ -> new LongAdder()).increment();
            check(answer, shown(request));
            return answer;
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
        if (answer.status() == 503) {
            assertThat(answer.head()).as(request).contains("\r\nretry-after: ");
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

    private void assertHealthy(TestNode asked, int requests, CapturedOutput log) {
        assertThat(statuses.getOrDefault(503, new LongAdder()).sum()).as("refused for a moment").isLessThan(requests / ALLOWANCE);
        try (SseClient client = asked.stream("/stream?id=healthy&group=healthy", String.join(": ", HEALTHY))) {
            assertThat(asked.post("/send/group", "{\"group\":\"healthy\",\"event_type\":\"t\",\"data\":\"well\"}", HEALTHY).statusCode())
                    .isEqualTo(200);
            await().untilAsserted(() -> assertThat(client.data()).contains("\"well\""));
        }
        assertThat(new Http(asked.managementPort(), "").get("/actuator/health/readiness").body()).contains("UP");
        assertThat(log).doesNotContain(" WARN ", " ERROR ", "\tat ");
    }

    private static void close(Wire wire) {
        try {
            wire.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
