package dev.ssecluster.proof;

import com.jayway.jsonpath.JsonPath;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.TestServices;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A client repeats a send because it did not get, or did not keep, the answer. */
@Tag("proof")
class RepeatedSendIT {

    private final RedisServer redis = TestServices.newPersistentRedis();
    private final Cluster cluster = Cluster.start(2, redis, TestServices.database());
    private final String key = UUID.randomUUID().toString();

    @AfterEach
    void stop() {
        cluster.close();
        redis.close();
    }

    @Test
    void whenRedisWasRestartedWithItsDataThenARepetitionOfWhatIsStoredSaysSo() {
        HttpResponse<String> first = send(0);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        redis.restart();
        await().until(() -> !isNotSent(send(1)));
        HttpResponse<String> repeated = send(1);
        assertThat(repeated.statusCode()).as(repeated.body()).isEqualTo(200);
        assertThat(repeated.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(repeated.body()).isEqualTo(first.body());
    }

    private HttpResponse<String> send(int node) {
        return cluster.node(node).post("/send", "{\"user_id\":\"repeated\",\"event_type\":\"t\",\"data\":1,\"persist\":true}",
                "Idempotency-Key", key);
    }

    /** Redis is not back yet. */
    private static boolean isNotSent(HttpResponse<String> answer) {
        return answer.statusCode() == 503 && JsonPath.read(answer.body(), "$.outcome").equals("not_sent");
    }
}
