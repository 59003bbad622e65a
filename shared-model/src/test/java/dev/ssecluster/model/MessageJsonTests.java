package dev.ssecluster.model;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class MessageJsonTests {

    private final JsonMapper json = JsonMapper.builder().build();

    @Test
    void whenOptionsAreLeftOutThenTheyAreNotInTheJson() {
        assertThat(write(Send.toUser("u").type("t").data(Map.of("a", 1))))
                .isEqualTo("{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":{\"a\":1}}");
        assertThat(write(Send.toEveryone().type("t"))).isEqualTo("{\"event_type\":\"t\",\"data\":null}");
    }

    @Test
    void whenAllOptionsAreGivenThenTheyAreInTheJson() {
        assertThat(write(Send.toGroup("g").type("t").data(1).priority(Priority.URGENT).persist().ttl(Duration.ofMillis(1500))))
                .isEqualTo("{\"group\":\"g\",\"event_type\":\"t\",\"data\":1,\"priority\":2,\"persist\":true,\"ttl\":2}");
    }

    @Test
    void whenMessagesGoInABatchThenTheirTargetsAreInside() {
        Batch batch = Batch.of(
                Send.toUser("u").type("t").data(1).idempotencyKey("k"), Send.toEveryone().type("t").data(new Json("[ 1.0 ]")));
        assertThat(write(batch)).isEqualTo("{\"messages\":["
                + "{\"target\":{\"user_id\":\"u\"},\"event_type\":\"t\",\"data\":1,\"idempotency_key\":\"k\"},"
                + "{\"target\":{\"broadcast\":true},\"event_type\":\"t\",\"data\":[ 1.0 ]}]}");
    }

    @Test
    void whenAnAnswerHasUnknownFieldsThenTheyAreIgnored() {
        BatchResult sent = json.readValue(
                "{\"event_id\":\"1\",\"nodes\":2,\"persisted\":false,\"later\":[]}", BatchResult.class);
        assertThat(sent.sent()).isEqualTo(new Sent("1", 2, false, null, null));
        BatchResult refused = json.readValue(
                "{\"type\":\"x\",\"title\":\"y\",\"status\":503,\"detail\":\"z\",\"outcome\":\"later\",\"new\":1}", BatchResult.class);
        assertThat(refused.problem()).isEqualTo(new Problem("x", "y", 503, "z", null, null, Outcome.UNKNOWN));
    }

    private String write(Object value) {
        return json.writeValueAsString(value);
    }
}
