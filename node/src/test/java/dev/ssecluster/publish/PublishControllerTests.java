package dev.ssecluster.publish;

import dev.ssecluster.backplane.Publication;
import dev.ssecluster.backplane.PublishResult;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import dev.ssecluster.publish.Http.Answered;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

@PublishTest
class PublishControllerTests {

    @Autowired
    private RecordingBackplane backplane;

    @Autowired
    private MeterRegistry meters;

    private Http http;

    @BeforeEach
    void start(@LocalServerPort int port) {
        http = new Http(port);
        backplane.reset();
    }

    @Test
    void whenSentToAUserThenItIsPublishedOnceAndAnswered() {
        Answered answer = http.post("/send", """
                {"user_id": "公告 🚀", "event_type": "order.shipped", "data": {"n": 1}, "priority": 2}""");
        assertThat(answer.status()).isEqualTo(200);
        Publication published = onlyPublication();
        assertThat(published.target()).isEqualTo(Target.user("公告 🚀"));
        assertThat(published.type()).isEqualTo("order.shipped");
        assertThat(published.priority()).isEqualTo(Priority.URGENT);
        assertThat(published.idempotencyKey()).isNull();
        assertThat(answer.body())
                .matches("\\{\"data\":\\{\"event_id\":\"\\d+\",\"nodes\":2,\"persisted\":false}}");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void whenSentToClientGroupOrEveryoneThenTheTargetIsThat() {
        http.post("/send", "{\"client_id\":\"c\",\"event_type\":\"t\",\"data\":1}");
        http.post("/send/group", "{\"group\":\"a/b\\\\%\",\"event_type\":\"t\",\"data\":1}");
        http.post("/broadcast", "{\"event_type\":\"t\",\"data\":1,\"persist\":false}");
        assertThat(backplane.published())
                .extracting(Publication::target)
                .containsExactly(Target.client("c"), Target.group("a/b\\%"), Target.BROADCAST);
    }

    /** Who trusts in what these groups say must not be lied to. */
    @Test
    void whenAGroupIsTheServersOwnThenItIsRefused() {
        Answered answer = http.post("/send/group", "{\"group\":\"presence:1\",\"event_type\":\"user_status\",\"data\":1}");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.problem()).isEqualTo("forbidden");
        assertThat(backplane.published()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "1.0", "1e400", "-0", "-0.0E+10", "12345678901234567890123", "null", "true", "false", "\"\"", "{}", "[]", "\"\\u00e9é\"",
        "\"\\ud83d\\ude80🚀\"", "\"\\ud800\"", "\"a b\\\" c\\\\\"", "{\"a\":1,\"a\":2}", "[[[]]]", "\"\\/\"", "\"\u2028\u007f\"",
        "{\"\":\"\"}", "[1,-1,0.1,1E-7]", "\"{ \\\" : , }\""
    })
    void whenDataIsAnyJsonThenItIsPublishedByteForByte(String data) {
        assertThat(dataOf("{\"event_type\":\"t\",\"data\":" + data + "}")).isEqualTo(data);
        assertThat(dataOf("{\"data\" : \t" + data + "\r\n ,\"event_type\":\"t\" } ")).isEqualTo(data);
    }

    @Test
    void whenDataHasWhiteSpaceThenOnlyThatBetweenTokensIsRemoved() {
        assertThat(dataOf("{\"event_type\":\"t\",\"data\": { \"a b\" :\n[ 1 ,\t2.50 , \" x \\\" \" ] }}"))
                .isEqualTo("{\"a b\":[1,2.50,\" x \\\" \"]}");
    }

    @Test
    void whenDataIsAVeryLongNumberThenItIsKept() {
        String number = "-" + "9".repeat(60_000) + "e" + "1".repeat(5_000);
        assertThat(dataOf("{\"event_type\":\"t\",\"data\":" + number + "}")).isEqualTo(number);
    }

    @Test
    void whenDataHasTheLargestSizeWithoutWhiteSpaceThenItIsAccepted() {
        String data = "\"" + "é".repeat(32_766) + "x\""; // 65 535 bytes
        Answered largest = http.post("/broadcast", "{\"event_type\":\"t\",\"data\":" + " ".repeat(9000) + data + "}");
        assertThat(largest.status()).isEqualTo(200);
        Answered larger = http.post("/broadcast", "{\"event_type\":\"t\",\"data\":[" + data.replace("x", "") + "]}");
        assertThat(larger.status()).isEqualTo(413);
        assertThat(larger.problem()).isEqualTo("data-too-large");
        assertThat(larger.text("$.detail")).contains("65536").contains("65535");
    }

    @Test
    void whenATtlIsLongerThanTheRetentionThenItIsRefused() {
        assertThat(http.post("/broadcast", "{\"event_type\":\"t\",\"data\":1,\"ttl\":604800}").status()).isEqualTo(200);
        assertThat(http.post("/broadcast", "{\"event_type\":\"t\",\"data\":1,\"persist\":true,\"ttl\":604801}").status())
                .isEqualTo(400);
        assertThat(onlyPublication().ttlSeconds()).isEqualTo(604_800);
    }

    @Test
    void whenRepeatedWithItsKeyThenTheFirstAnswerComesAgain() {
        String body = "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":{\"a\":1}}";
        Answered first = http.post("/send", body, "Idempotency-Key", "k!~1");
        Answered second = http.post("/send", body.replace(":1", " : 1"), "Idempotency-Key", "k!~1");
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(backplane.published()).hasSize(1);
        assertThat(String.valueOf(onlyPublication().idempotencyKey())).doesNotContain("k!~1");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"user_id\":\"v\",\"event_type\":\"t\",\"data\":1}",
        "{\"client_id\":\"u\",\"event_type\":\"t\",\"data\":1}",
        "{\"user_id\":\"u\",\"event_type\":\"t2\",\"data\":1}",
        "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1,\"priority\":1}",
        "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1.0}",
        "{\"user_id\":\"ut\",\"event_type\":\"t\",\"data\":1}"
    })
    void whenTheKeyComesWithAnotherBodyThenItIsRefused(String other) {
        http.post("/send", "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1}", "Idempotency-Key", "k");
        Answered answer = http.post("/send", other, "Idempotency-Key", "k");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.problem()).isEqualTo("idempotency-key-reused");
        assertThat(backplane.published()).hasSize(1);
    }

    @Test
    void whenTheKeyIsNotVisibleAsciiThenItIsRefused() {
        String body = "{\"event_type\":\"t\",\"data\":1}";
        for (String key : List.of("a b", "k".repeat(129), "")) {
            Answered answer = http.post("/broadcast", body, "Idempotency-Key", key);
            assertThat(answer.status()).as(key).isEqualTo(400);
            assertThat(answer.text("$.errors[0].field")).isEqualTo("Idempotency-Key");
        }
        assertThat(http.post("/broadcast", body, "Idempotency-Key", "k".repeat(128)).status()).isEqualTo(200);
    }

    @Test
    void whenTheBackplaneIsAwayThenTheOutcomeTellsWhetherToRepeat() {
        double before = refusals("not-sent");
        backplane.answerAlways(new PublishResult.NotSent());
        Answered notSent = http.post("/broadcast", "{\"event_type\":\"t\",\"data\":1}");
        assertThat(notSent.status()).isEqualTo(503);
        assertThat(notSent.header("Retry-After")).isEqualTo("1");
        assertThat(notSent.text("$.outcome")).isEqualTo("not_sent");
        backplane.answerAlways(new PublishResult.Unknown());
        Answered unknown = http.post("/broadcast", "{\"event_type\":\"t\",\"data\":1}");
        assertThat(unknown.status()).isEqualTo(503);
        assertThat(unknown.text("$.outcome")).isEqualTo("unknown");
        assertThat(refusals("not-sent")).isEqualTo(before + 1);
    }

    @Test
    void whenABatchHasWrongMessagesThenOnlyTheseAreRefused() {
        Answered answer = http.post("/send/batch", """
                {"messages":[
                  {"target":{"user_id":"u"},"event_type":"t","data":0},
                  {"target":{"user_id":"u","foo":{"x":[1]}},"event_type":"t","data":1},
                  {"target":{"group":"g"},"event_type":"t","data":2,"persist":"yes"},
                  5,
                  {"target":{"broadcast":false},"event_type":"open","data":4},
                  {"target":{"client_id":"a,b"},"data":[{"target":1}],"event_type":"t","x":1,"x":2},
                  {"target":[],"event_type":"t","data":6},
                  {"target":{"broadcast":true},"event_type":"t","data":%s},
                  {"target":{"user_id":"u","group":"g"},"event_type":"t","data":8},
                  {"target":{"client_id":"c"},"event_type":"t","data":9,"priority":1}
                ]}""".formatted("\"" + "x".repeat(65_534) + "\""));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.texts("$.data[*].status")).containsExactly("400", "400", "400", "400", "400", "400", "413", "400");
        assertThat(answer.text("$.data[0].event_id")).isNotEmpty();
        assertThat(answer.text("$.data[1].errors[0].field")).isEqualTo("messages[1].target.foo");
        assertThat(answer.text("$.data[1].type")).isEqualTo("urn:sse-cluster:problem:invalid-request");
        assertThat(answer.text("$.data[1].instance")).isEqualTo("/api/v1/sse/send/batch");
        assertThat(answer.text("$.data[3].errors[0].field")).isEqualTo("messages[3]");
        assertThat(answer.texts("$.data[4].errors[*].field"))
                .containsExactly("messages[4].target.broadcast", "messages[4].event_type");
        assertThat(answer.texts("$.data[5].errors[*].field"))
                .containsExactly("messages[5].target.client_id", "messages[5].x", "messages[5].x");
        assertThat(answer.texts("$.data[6].errors[*].field")).containsExactly("messages[6].target");
        assertThat(answer.text("$.data[9].nodes")).isEqualTo("2");
        assertThat(backplane.published()).extracting(Publication::target).containsExactly(Target.user("u"), Target.client("c"));
        assertThat(backplane.calls()).isEqualTo(1);
    }

    @Test
    void whenABatchHasNoValidMessageThenTheBackplaneIsNotAsked() {
        Answered answer = http.post("/send/batch", "{\"messages\":[{}]}");
        assertThat(answer.texts("$.data[0].errors[*].field"))
                .containsExactly("messages[0].target", "messages[0].event_type", "messages[0].data");
        assertThat(http.post("/send/batch", "{\"messages\":[]}").body()).isEqualTo("{\"data\":[]}");
        assertThat(backplane.calls()).isZero();
    }

    @Test
    void whenABatchIsRepeatedWithItsKeyThenEachMessageIsReplayedAndNoCallersOwnKeyIsTaken() {
        String body = """
                {"messages":[{"target":{"user_id":"u"},"event_type":"t","data":0},
                {"target":{"user_id":"u"},"event_type":"t","data":1,"idempotency_key":"own"},
                {"target":{"user_id":"u"},"event_type":"t","data":2,"idempotency_key":""}]}""";
        Answered first = http.post("/send/batch", body, "Idempotency-Key", "b");
        Answered second = http.post("/send/batch", body, "Idempotency-Key", "b");
        assertThat(first.texts("$.data[*].idempotency_replayed")).isEmpty();
        assertThat(second.texts("$.data[*].idempotency_replayed")).containsExactly("true", "true");
        assertThat(second.texts("$.data[*].event_id")).isEqualTo(first.texts("$.data[*].event_id"));
        Answered single = http.post("/send", "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":0}", "Idempotency-Key", "b#0");
        assertThat(single.header("Idempotency-Replayed")).isNotEqualTo("true");
        assertThat(backplane.published()).hasSize(3);
    }

    @Test
    void whenABatchHasMoreMessagesThanAllowedThenItIsRefusedAsAWhole() {
        assertThat(http.post("/send/batch", batchOf(1000)).texts("$.data[*].event_id")).hasSize(1000);
        Answered answer = http.post("/send/batch", batchOf(1001));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("$.errors[0].field")).isEqualTo("messages");
        assertThat(backplane.published()).hasSize(1000);
    }

    @Test
    void whenTheBackplaneRefusesInABatchThenEachMessageHasItsProblem() {
        backplane.answerAlways(new PublishResult.Unknown());
        Answered answer = http.post("/send/batch", batchOf(2));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.texts("$.data[*].outcome")).containsExactly("unknown", "unknown");
    }

    private static String batchOf(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"target\":{\"broadcast\":true},\"event_type\":\"t\",\"data\":" + i + "}")
                .collect(Collectors.joining(",", "{\"messages\":[", "]}"));
    }

    private String dataOf(String body) {
        backplane.reset();
        Answered answer = http.post("/broadcast", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return new String(onlyPublication().data(), StandardCharsets.UTF_8);
    }

    private Publication onlyPublication() {
        assertThat(backplane.published()).hasSize(1);
        return backplane.published().getFirst();
    }

    private double refusals(String reason) {
        return meters.counter("sse.refused", "reason", reason).count();
    }
}
