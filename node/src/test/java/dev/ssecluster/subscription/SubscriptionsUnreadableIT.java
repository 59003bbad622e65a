package dev.ssecluster.subscription;

import dev.ssecluster.loadtest.SseParser;
import dev.ssecluster.test.DatabaseServer;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The database is away when a stream opens: nobody knows what it should follow. */
class SubscriptionsUnreadableIT {

    private final RedisServer redis = TestServices.newRedis();
    private final DatabaseServer database = TestServices.newDatabase();
    private final TestNode node = TestNode.startOn(redis, database.database(), "sse.backplane.probe-interval=200ms",
            "sse.position.interval=200ms", "sse.stream.heartbeat-interval=500ms", "sse.stream.client-timeout=1s");
    private final Calls calls = new Calls("anna");

    @AfterEach
    void stop() {
        node.close();
        database.close();
        redis.close();
    }

    @Test
    void whenTheDatabaseIsAwayAtTheBeginningThenTheStreamIsToldAndFollowsWhenItIsBack() {
        node.awaitReady();
        calls.subscribe(node, "g");
        String cursor;
        try (SseClient before = node.stream("/stream?user_id=anna")) {
            var _ = Calls.toGroup(node, "g", "a", 1, false);
            await().until(() -> before.data().equals(List.of("1")));
            cursor = before.lastEventId();
        }
        database.kill();
        try (SseClient fresh = node.stream("/stream?user_id=anna");
                SseClient resumed = node.stream("/stream?user_id=anna", "Last-Event-ID: " + cursor);
                SseClient anonymous = node.stream("/stream")) {
            assertThat(fresh.received().getFirst().data()).isEqualTo("{\"reason\":\"store-unavailable\"}");
            assertThat(resumed.received().getFirst().data()).isEqualTo("{\"reason\":\"store-unavailable\"}");
            assertThat(resumed.received().get(1).data()).contains("\"resumed\":true");
            assertThat(anonymous.received().getFirst().type()).isEqualTo("connected");
            var _ = Calls.toGroup(node, "g", "a", 2, true); // missed
            var _ = calls.toUser(node, "a", 3, true);
            await().until(() -> fresh.data().equals(List.of("3")) && resumed.data().equals(List.of("3")));
            database.restart();
            await().atMost(Duration.ofSeconds(20)).until(() -> resets(fresh) == 2 && resets(resumed) == 2);
            var _ = Calls.toGroup(node, "g", "a", 4, true);
            await().until(() -> fresh.data().equals(List.of("3", "4")) && resumed.data().equals(List.of("3", "4")));
            assertThat(resets(anonymous)).isZero();
        }
        await().until(() -> node.streams() == 0);
        // What no stream has written comes to the next one, though those of before went on beyond it.
        try (SseClient next = node.stream("/stream?user_id=anna")) {
            await().untilAsserted(() -> assertThat(next.data()).startsWith("2", "3"));
        }
    }

    private static long resets(SseClient client) {
        return client.received().stream().map(SseParser.Received::type).filter("sse.reset"::equals).count();
    }
}
