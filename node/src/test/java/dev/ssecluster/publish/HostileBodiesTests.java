package dev.ssecluster.publish;

import dev.ssecluster.publish.Http.Answered;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** Nothing of this reaches the backplane, and nothing of it leaves a trace in the log. */
@PublishTest
@ExtendWith(OutputCaptureExtension.class)
class HostileBodiesTests {

    private static final String VALID = "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1}";

    @Autowired
    private RecordingBackplane backplane;

    private Http http;

    @BeforeEach
    void start(@LocalServerPort int port) {
        http = new Http(port);
        backplane.reset();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "{", "}", "[]", "null", "1", "\"x\"", "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1",
        "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1}}", "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1} 1",
        "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1}{}", "{'user_id':'u'}", "{user_id:\"u\"}", "{\"data\":01}",
        "{\"data\":1.}", "{\"data\":.5}", "{\"data\":+1}", "{\"data\":-}", "{\"data\":1e}", "{\"data\":NaN}", "{\"data\":Infinity}",
        "{\"data\":tru}", "{\"data\":nulll}", "{\"data\":\"\\x\"}", "{\"data\":\"\\u12g4\"}", "{\"data\":\"\\u12\"}",
        "{\"data\":\"a\nb\"}", "{\"data\":\"\u0000\"}", "{\"data\":[1,]}", "{\"data\":{\"a\":1,}}", "{\"data\":{,}}",
        "{\"data\":{\"a\"}}", "{\"data\":{1:2}}", "{\"data\":[1 2]}", "{\"data\":[}", "{\"data\":{]}", "{\"data\":\"",
        "{\"data\":\"\\", "{\"data\":1,}", "{\"data\":/**/1}", "{\"event_type\":\"t\",\"user_id\":\"u\",\"data\":1}//", "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1}\u0000",
        "\u0000{}",
        "{\"data\":\u00a01}", "{\"data\":\u000b1}", "\f{\"data\":1}"
    })
    void whenABodyIsNotOneJsonObjectThenItIsMalformed(String body, CapturedOutput log) {
        assertMalformed(body.getBytes(StandardCharsets.UTF_8));
        assertThat(log).doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource({
        "c080, overlong NUL", "e08080, overlong", "f0808080, overlong", "c1bf, overlong", "eda080, high surrogate",
        "edbfbf, low surrogate", "eda0bdedb080, surrogate pair", "f4908080, beyond U+10FFFF", "f8888080, five bytes", "ff, never valid",
        "fe, never valid", "80, continuation alone", "c3, truncated", "e282, truncated", "f09f9a, truncated", "e9, Latin-1"
    })
    void whenBytesAreNotUtf8ThenTheBodyIsMalformed(String hex, String why) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertMalformed(around("{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":\"", bytes, "\"}"));
        assertMalformed(around("{\"user_id\":\"", bytes, "\",\"event_type\":\"t\",\"data\":1}"));
        assertMalformed(around("{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":{\"", bytes, "\":1}}"));
        assertMalformed(around(VALID, bytes, ""));
        assertMalformed(around("{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":\"" + "é".repeat(9000), bytes, "\"}"));
    }

    @Test
    void whenABodyIsInAnotherEncodingThenItIsMalformed() {
        assertMalformed(around("", HexFormat.of().parseHex("efbbbf"), VALID));
        assertMalformed(VALID.getBytes(StandardCharsets.UTF_16LE));
        assertMalformed(VALID.getBytes(StandardCharsets.UTF_16));
        assertThat(http.exchange("POST", "/send", VALID.getBytes(StandardCharsets.UTF_16LE), "application/json;charset=utf-16le").status())
                .isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, 415", "application/xml, 415", "application/json;charset=iso-8859-1, 415", "application/json;charset=nope, 415",
        "application/x-www-form-urlencoded, 415", "multipart/form-data;boundary=x, 415", "*/*, 415", "nonsense, 415",
        "application/json;charset=UTF-8, 200", "application/json; charset=\"utf-8\", 200", "APPLICATION/JSON, 200"
    })
    void whenTheMediaTypeIsNotJsonInUtf8ThenItIsUnsupported(String contentType, int status) {
        Answered answer = http.exchange("POST", "/send", VALID.getBytes(StandardCharsets.UTF_8), contentType);
        assertThat(answer.status()).isEqualTo(status);
        if (status == 415) {
            assertThat(answer.problem()).isEqualTo("unsupported-media-type");
            assertThat(answer.header("Accept")).contains("application/json");
        }
    }

    @Test
    void whenTheBodyIsCompressedThenItIsUnsupported() {
        assertThat(http.post("/send", VALID, "Content-Encoding", "gzip").status()).isEqualTo(415);
    }

    static Stream<Arguments> fieldsThatAreWrong() {
        return Stream.of(
                arguments("{}", List.of("user_id", "event_type", "data")),
                arguments("{\"user_id\":\"u\",\"client_id\":\"c\",\"event_type\":\"t\",\"data\":1}", List.of("user_id")),
                arguments("{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1,\"user_id\":\"v\"}", List.of("user_id")),
                arguments("{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1,\"data\":{\"a\":[2]}}", List.of("data")),
                arguments("{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1,\"foo\":{\"a\":[{}]},\"bar\":[[1]]}", List.of("foo", "bar")),
                arguments("{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1,\"group\":\"g\"}", List.of("group")),
                arguments("{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1,\"target\":{}}", List.of("target")),
                arguments("{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1,\"idempotency_key\":\"k\"}", List.of("idempotency_key")),
                arguments("{\"USER_ID\":\"u\",\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1}", List.of("USER_ID")),
                arguments("{\"user_id\":5,\"event_type\":6,\"data\":1}", List.of("user_id", "event_type")),
                arguments("{\"user_id\":null,\"event_type\":{},\"data\":1}", List.of("user_id", "event_type")),
                arguments("{\"user_id\":[\"u\"],\"event_type\":true,\"data\":1}", List.of("user_id", "event_type")),
                arguments(with("\"priority\":3"), List.of("priority")),
                arguments(with("\"priority\":-1"), List.of("priority")),
                arguments(with("\"priority\":1.0"), List.of("priority")),
                arguments(with("\"priority\":1e0"), List.of("priority")),
                arguments(with("\"priority\":\"1\""), List.of("priority")),
                arguments(with("\"priority\":null"), List.of("priority")),
                arguments(with("\"priority\":" + "9".repeat(5000)), List.of("priority")),
                arguments(with("\"priority\":[1]"), List.of("priority")),
                arguments(with("\"persist\":\"true\""), List.of("persist")),
                arguments(with("\"persist\":1"), List.of("persist")),
                arguments(with("\"persist\":null"), List.of("persist")),
                arguments(with("\"persist\":{}"), List.of("persist")),
                arguments(with("\"ttl\":0"), List.of("ttl")),
                arguments(with("\"ttl\":-1"), List.of("ttl")),
                arguments(with("\"ttl\":604801"), List.of("ttl")),
                arguments(with("\"ttl\":18446744073709551617"), List.of("ttl")),
                arguments(with("\"ttl\":1.5"), List.of("ttl")),
                arguments(with("\"ttl\":true,\"persist\":2,\"priority\":{}"), List.of("ttl", "persist", "priority")));
    }

    private static String with(String field) {
        return "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1," + field + "}";
    }

    @ParameterizedTest
    @MethodSource("fieldsThatAreWrong")
    void whenFieldsAreWrongThenAllOfThemAreNamed(String body, List<String> fields) {
        Answered answer = http.post("/send", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
        assertThat(answer.texts("$.errors[*].field")).isEqualTo(fields);
        assertThat(answer.texts("$.errors[*].message")).doesNotContainNull().doesNotContain("");
        assertThat(backplane.published()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", ".", "..", " a", "a ", "\u00a0a", "a\u3000", "a,b", "a\\u0000b", "a\\nb", "\\u0085", "a\u2028b", "a\u2029b", "\\ud800",
        "a\\udc00b", "\\t", "a\u007fb", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    })
    void whenAnIdIsNotAllowedThenItIsNamed(String id) {
        Answered answer = http.post("/send", "{\"user_id\":\"" + id + "\",\"event_type\":\"t\",\"data\":1}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.texts("$.errors[*].field")).containsExactly("user_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "a b", "a/b", "é", "a\\nb", "connected", "error", "open", "sse.", "sse.reset",
        "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"
    })
    void whenAnEventTypeIsNotAllowedThenItIsNamed(String type) {
        Answered answer = http.post("/broadcast", "{\"event_type\":\"" + type + "\",\"data\":1}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.texts("$.errors[*].field")).containsExactly("event_type");
    }

    @Test
    void whenThereAreVeryManyFaultsThenTheAnswerStaysSmall() {
        String name = "n".repeat(1000);
        Answered answer = http.post("/broadcast", "{" + ("\"" + name + "\":1,").repeat(100) + "\"data\":1}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).hasSizeLessThan(10_000);
    }

    @Test
    void whenJsonIsNestedTooDeepThenItIsMalformed() {
        int most = 256 - 1; // the body itself is a level
        String body = "{\"event_type\":\"t\",\"data\":%s}";
        assertThat(http.post("/broadcast", body.formatted("[".repeat(most) + "]".repeat(most))).status()).isEqualTo(200);
        Answered tooDeep = http.post("/broadcast", body.formatted("[".repeat(60_000)));
        assertThat(tooDeep.status()).isEqualTo(400);
        assertThat(tooDeep.text("$.detail")).contains("256");
        assertThat(http.post("/broadcast", body.formatted("{\"a\":".repeat(20_000))).status()).isEqualTo(400);
        assertThat(http.post("/broadcast", "{\"x\":" + "[".repeat(60_000)).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "{\"messages\":{}}", "{\"messages\":null}", "{\"messages\":\"x\"}", "{\"messages\":[],\"x\":1}", "{\"x\":1}",
        "{\"messages\":[],\"messages\":[]}", "{\"messages\":[{}", "{\"messages\":[{\"target\":}]}", "[]", "{\"messages\":[]} 1",
        "{\"messages\":[{\"data\":tru}]}", "{\"messages\":[\"\\ud83d]}", "{\"messages\":[[[[]]]}"
    })
    void whenABatchIsMalformedThenAllOfItIsRefused(String body) {
        Answered answer = http.post("/send/batch", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(backplane.calls()).isZero();
    }

    @Test
    void whenABodyIsLargerThanAllowedThenItIsRefused() {
        String larger = "{\"event_type\":\"t\",\"data\":1" + " ".repeat(128 * 1024) + "}";
        Answered single = http.post("/broadcast", larger);
        assertThat(single.status()).isEqualTo(413);
        assertThat(single.problem()).isEqualTo("body-too-large");
        Answered batch = http.post("/send/batch", "{\"messages\":[" + " ".repeat(200 * 1024) + "]}");
        assertThat(batch.status()).isEqualTo(200);
        for (int i = 0; i < 20; i++) {
            assertThat(http.post("/send/batch", "{\"messages\":[" + " ".repeat(900 * 1024) + "]}").status()).isEqualTo(413);
        }
    }

    private void assertMalformed(byte[] body) {
        Answered answer = http.post("/send", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.problem()).isEqualTo("malformed-json");
        assertThat(backplane.published()).isEmpty();
    }

    private static byte[] around(String before, byte[] bytes, String after) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        all.writeBytes(bytes);
        all.writeBytes(after.getBytes(StandardCharsets.UTF_8));
        return all.toByteArray();
    }
}
