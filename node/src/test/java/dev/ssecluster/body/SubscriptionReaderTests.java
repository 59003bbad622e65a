package dev.ssecluster.body;

import dev.ssecluster.model.Subscribe;
import dev.ssecluster.model.Unsubscribe;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The bodies that begin and end subscriptions. */
class SubscriptionReaderTests {

    @Test
    void whenABodyIsRightThenItIsRead() {
        assertThat(subscribe("{\"user_id\":\"u\",\"group\":\"g\"}")).isEqualTo(new Subscribe("u", "g", List.of()));
        assertThat(subscribe("{\"event_types\":[],\"group\":\"g\",\"user_id\":\"u\"}")).isEqualTo(new Subscribe("u", "g", List.of()));
        assertThat(subscribe("{\"user_id\":\"u\",\"group\":\"g\",\"event_types\":[\"b\",\"a\",\"b\"]}"))
                .isEqualTo(new Subscribe("u", "g", List.of("b", "a")));
        assertThat(unsubscribe("{\"user_id\":\"u\",\"group\":\"g\"}")).isEqualTo(new Unsubscribe("u", "g"));
    }

    @Test
    void whenFieldsAreWrongThenAllOfThemAreNamed() {
        refuses("{}", "user_id", "group");
        refuses("{\"user_id\":1,\"group\":\"a,b\",\"event_types\":{},\"x\":[[1]]}", "user_id", "group", "event_types", "x");
        refuses("{\"user_id\":\"u\",\"user_id\":\"v\",\"group\":\"g\",\"event_types\":[\"ok\",\"sse.a\",null,\"a,b\"]}",
                "user_id", "event_types[1]", "event_types[2]", "event_types[3]");
        assertThatExceptionOfType(RefusedException.class).isThrownBy(
                () -> unsubscribe("{\"user_id\":\"u\",\"group\":\"g\",\"event_types\":[]}")).withMessageContaining("event_types");
    }

    @Test
    void whenTheTypesAreTooLongForTheirColumnThenTheyAreRefused() {
        assertThat(subscribe(withTypes(63, 4)).eventTypes()).hasSize(4); // 255 with commas
        refuses(withTypes(64, 4), "event_types");
        assertThat(subscribe(withTypes(1, 1_000)).eventTypes()).hasSize(26); // the others are repeated
    }

    private static String withTypes(int length, int count) {
        return "{\"user_id\":\"u\",\"group\":\"g\",\"event_types\":" + IntStream.range(0, count)
                .mapToObj(i -> "\"" + name(i, length) + "\"").collect(Collectors.joining(",", "[", "]")) + "}";
    }

    private static String name(int number, int length) {
        String letter = String.valueOf((char) ('A' + number % 26));
        return letter.repeat(length);
    }

    private static void refuses(String body, String... fields) {
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> subscribe(body)).satisfies(refusal -> {
            assertThat(refusal.type()).isEqualTo(ProblemType.INVALID_REQUEST);
            assertThat(fields).allMatch(field -> String.valueOf(refusal.getMessage()).contains("field=" + field + ","));
        });
    }

    private static Subscribe subscribe(String body) {
        return read(body, SubscriptionReader::readSubscribe);
    }

    private static Unsubscribe unsubscribe(String body) {
        return read(body, SubscriptionReader::readUnsubscribe);
    }

    private static <T> T read(String body, Function<SubscriptionReader, T> reading) {
        try (JsonBody json = new JsonBody(body.getBytes(StandardCharsets.UTF_8))) {
            json.startObject();
            T read = reading.apply(new SubscriptionReader(json));
            json.end();
            return read;
        }
    }
}
