package dev.ssecluster.connect;

import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class BackplaneAwayIT {

    private static final String SEND = "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":%d}";

    private final RedisServer redis = TestServices.newRedis();
    private final TestNode node =
            TestNode.startOn(redis, "sse.backplane.probe-interval=200ms", "sse.backplane.probe-timeout=800ms");

    @AfterEach
    void stop() {
        node.close();
        redis.close();
    }

    @Test
    void whenRedisIsKilledAndComesBackEmptyThenStreamsStayAreWarnedAndIdsAscend() {
        node.awaitReady();
        SseClient client = node.stream("/stream/u");
        assertThat(node.post("/send", SEND.formatted(1)).statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(client.data()).containsExactly("1"));
        redis.kill();
        await().until(() -> !node.isReady());
        assertThat(node.post("/send", SEND.formatted(2))).satisfies(this::isRefusedInTime);
        assertThat(SseClient.open(node.port(), "/stream/v")).satisfies(this::isSentAway);
        redis.restartEmpty();
        node.awaitReady();
        assertThat(node.post("/send", SEND.formatted(3)).statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(client.data()).containsExactly("1", "3"));
        assertThat(client.received()).extracting(event -> event.type()).containsExactly("connected", "t", "sse.reset", "t");
        assertThat(client.events().stream().map(event -> Long.parseLong(event.lastEventId())).toList()).isSorted();
        assertThat(client.isEnded()).isFalse();
        client.close();
    }

    @Test
    void whenRedisIsPausedThenSendsFailInTimeAndNeverAppear() {
        node.awaitReady();
        SseClient client = node.stream("/stream/u");
        redis.pause();
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            assertThat(node.post("/send", SEND.formatted(100 + i))).satisfies(this::isRefusedInTime);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
        await().until(() -> !node.isReady());
        redis.resume();
        node.awaitReady();
        assertThat(node.post("/send", SEND.formatted(1)).statusCode()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(client.data()).containsExactly("1"));
        client.close();
    }

    @Test
    void whenRedisIsAbsentAtStartThenTheNodeWaitsForIt() {
        redis.kill();
        try (TestNode late = TestNode.startOn(redis)) {
            assertThat(late.isReady()).isFalse();
            assertThat(late.post("/send", SEND.formatted(1))).satisfies(this::isRefusedInTime);
            redis.restart();
            late.awaitReady();
            assertThat(late.post("/send", SEND.formatted(1)).statusCode()).isEqualTo(200);
        }
    }

    private void isRefusedInTime(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(response.body()).containsPattern("\"outcome\":\"(not_sent|unknown)\"");
    }

    private void isSentAway(SseClient client) {
        await().atMost(5, TimeUnit.SECONDS).until(client::isEnded);
        assertThat(client.head()).startsWith("HTTP/1.1 200");
        assertThat(client.received()).extracting(event -> event.type()).containsExactly("sse.goaway");
        assertThat(client.received().getFirst().data()).contains("\"reason\":\"unavailable\"");
        assertThat(client.retryMillis()).isBetween(10_000L, 60_000L);
    }
}
