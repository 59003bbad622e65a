package dev.ssecluster.docs;

import dev.ssecluster.docs.DescribedApi.Call;
import dev.ssecluster.docs.DescribedApi.Example;
import dev.ssecluster.publish.Http;
import dev.ssecluster.publish.Http.Answered;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import dev.ssecluster.test.TestTokens;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** docs/api.md, the description of the API for programs, and what a node does say the same. In mode jwt, which has all calls. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiIT {

    private static final Set<String> IN_PATHS = Set.of("id", "group");

    private final DocumentedApi documented = new DocumentedApi();
    private final String[] token = TestTokens.of("123").scopes("sse.admin").header();

    private RedisServer redis;
    private TestNode node;
    private Http http;
    private DescribedApi described;

    @BeforeAll
    void start() {
        redis = TestServices.newRedis(); // the examples block a user, and go to everyone
        node = TestNode.startOn(redis, TestServices.emptyDatabase(), TestTokens.settings());
        node.awaitReady();
        http = new Http(node.port());
        described = new DescribedApi(JsonMapper.shared().readTree(new Http(node.port(), "").get("/v3/api-docs", token).body()));
    }

    @AfterAll
    void stop() {
        node.close();
        redis.close();
    }

    @Test
    void whenThereIsACallThenApiMdAndTheDescriptionHaveIt() {
        assertThat(described.calls().stream().map(Call::toString)).containsExactlyInAnyOrderElementsOf(documented.calls().keySet());
    }

    @Test
    void whenACallHasParametersThenApiMdAndTheDescriptionNameThem() {
        Map<String, Set<String>> expected = new TreeMap<>(documented.calls());
        expected.keySet().removeIf(ApiIT::isStream);
        assertThat(described.calls().stream().filter(call -> !isStream(call.toString()))
                .collect(Collectors.toMap(Call::toString, call -> described.names(call, "query")))).isEqualTo(expected);
    }

    private static boolean isStream(String call) {
        return call.startsWith("GET /stream");
    }

    @Test
    void whenAStreamHasParametersThenApiMdAndTheDescriptionNameThem() {
        for (Call call : described.calls().stream().filter(each -> isStream(each.toString())).toList()) {
            Set<String> names = new TreeSet<>(described.names(call, "query"));
            Set<String> inPath = described.names(call, "path");
            assertThat(IN_PATHS).containsAll(inPath);
            names.addAll(inPath);
            names.addAll(described.names(call, "header"));
            names.remove("X-SSE-Failover"); // for load balancers: among the refusals
            assertThat(names).as(call.toString()).isEqualTo(documented.streamParameters());
        }
    }

    @Test
    void whenACallTakesHeadersThenApiMdNamesThem() {
        String text = Document.read("docs/api.md").text();
        assertThat(described.calls().stream().flatMap(call -> described.names(call, "header").stream()).distinct())
                .contains("Idempotency-Key").allMatch(text::contains);
    }

    @Test
    void whenACallHasABodyThenApiMdAndTheDescriptionNameItsFields() {
        Set<String> compared = new HashSet<>();
        for (Call call : described.calls()) {
            Set<String> fields = documented.fields(call.toString());
            if (!described.body(call).isMissingNode() && !fields.isEmpty()) {
                assertThat(described.fields(call)).as(call.toString()).isEqualTo(fields);
                compared.add(call.path());
            }
        }
        assertThat(compared).hasSizeGreaterThanOrEqualTo(9);
    }

    @Test
    void whenThereIsACallThenItsRequestItsParametersAndItsAnswersHaveExamplesThatFit() {
        for (Call call : described.calls()) {
            List<Example> examples = described.examples(call);
            assertThat(examples).isNotEmpty();
            examples.forEach(example -> {
                assertThat(example.value().isMissingNode()).as("no example: " + example.where()).isFalse();
                assertThat(described.faults(example.schema(), example.value())).as(example.where()).isEmpty();
            });
        }
    }

    @Test
    void whenAnExampleDoesNotFitThenThatIsFound() {
        Call send = described.calls().stream().filter(call -> call.toString().equals("POST /send")).findFirst().orElseThrow();
        JsonNode schema = described.body(send).path("schema");
        assertThat(described.faults(schema, JsonMapper.shared().readTree("{\"user_id\":\"1\",\"event_type\":\"a\",\"data\":1}"))).isEmpty();
        for (String wrong : List.of("{}", "{\"user_id\":\"1\",\"event_type\":\"a\"}", "{\"user_id\":\"1\",\"event_type\":\"sse.a\",\"data\":1}",
                "{\"user_id\":\"1\",\"client_id\":\"1\",\"event_type\":\"a\",\"data\":1}", "{\"user_id\":\"1\",\"event_type\":\"a\",\"data\":1,\"x\":1}")) {
            assertThat(described.faults(schema, JsonMapper.shared().readTree(wrong))).as(wrong).isNotEmpty();
        }
        assertThat(described.faults(described.answer(send, "200").path("schema"), JsonMapper.shared().readTree("{\"data\":{\"id\":1}}"))).isNotEmpty();
    }

    /** So the examples are not only well-formed: a node takes them, and what it answers is what it says that it answers. */
    @Test
    void whenAnExampleIsSentThenTheAnswerFits() {
        try (SseClient stream = SseClient.open(node.port(), "/stream/notifications/123", String.join(": ", token))) {
            await().until(stream::isConnected);
            for (Call call : described.calls().stream().filter(each -> !isStream(each.toString())).toList()) {
                Answered answer = http.exchange(call.method(), target(call), bytes(described.body(call).path("example")), "application/json", token);
                boolean mayFindNobody = call.path().contains("disconnect");
                assertThat(answer.status()).as("%s: %s", call, answer.body()).isIn(200, 204, mayFindNobody ? 404 : 200);
                JsonNode schema = described.answer(call, Integer.toString(answer.status())).path("schema");
                assertThat(answer.body().isEmpty()).as(call.toString()).isEqualTo(schema.isMissingNode());
                if (!schema.isMissingNode()) {
                    assertThat(described.faults(schema, JsonMapper.shared().readTree(answer.body()))).as("%s: %s", call, answer.body()).isEmpty();
                }
            }
        }
    }

    private String target(Call call) {
        String path = call.path();
        for (JsonNode parameter : described.parameters(call, "path")) {
            path = path.replace("{" + parameter.path("name").asString() + "}", encoded(parameter));
        }
        return path + described.parameters(call, "query").stream()
                .map(parameter -> parameter.path("name").asString() + "=" + encoded(parameter))
                .collect(Collectors.joining("&", "?", ""));
    }

    private static String encoded(JsonNode parameter) {
        return URLEncoder.encode(parameter.path("example").asString(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(JsonNode example) {
        return example.isMissingNode() ? new byte[0] : example.toString().getBytes(StandardCharsets.UTF_8);
    }
}
