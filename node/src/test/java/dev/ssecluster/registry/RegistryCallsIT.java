package dev.ssecluster.registry;

import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The calls that say who is where, over HTTP. */
class RegistryCallsIT {

    private static final RedisServer REDIS = TestServices.newRedis();
    private static final TestNode NODE = TestNode.startOn(REDIS, "sse.node.id=n-1", "sse.presence.grace=1s",
            "sse.stream.max-streams-per-user=2");

    static {
        NODE.awaitReady();
    }

    @AfterAll
    static void stop() {
        NODE.close();
        REDIS.close();
    }

    @Test
    void whenAUserIsThereThenItIsSaidWhere() throws IOException {
        try (SseClient friend = NODE.stream("/stream?group=presence:anna");
                SseClient _ = NODE.stream("/stream?id=tablet&user_id=anna&group=a&group=b")) {
            await().until(() -> friend.events().stream().anyMatch(event -> event.data().contains("online")));
            JsonNode user = data("/users/anna");
            assertThat(user.get("user_id").asString()).isEqualTo("anna");
            assertThat(user.get("online").asBoolean()).isTrue();
            assertThat(user.get("status").asString()).isEqualTo("online");
            assertThat(user.get("last_seen").asString()).matches("20..-..-..T.*Z");
            JsonNode connection = user.get("connections").get(0);
            assertThat(connection.get("client_id").asString()).isEqualTo("tablet");
            assertThat(connection.get("node").asString()).isEqualTo("n-1");
            assertThat(connection.get("connection_id").asString()).matches("[0-9a-f]{16}");
            assertThat(connection.get("groups").toString()).isEqualTo("[\"a\",\"b\"]");
            assertThat(connection.get("since").asString()).matches("20..-..-..T.*Z");
            assertThat(data("/users?user_id=anna").get("connections")).isEqualTo(user.get("connections"));
        }
        await().until(() -> data("/users/anna").get("connections").isEmpty());
        assertThat(data("/users/anna").get("status").asString()).as("nobody flickers when a page is loaded anew").isEqualTo("online");
        await().until(() -> !data("/users/anna").get("online").asBoolean());
        assertThat(data("/users/anna").get("last_seen").isNull()).isFalse();
        assertThat(data("/users/anna").get("connections").isEmpty()).isTrue();
    }

    /** Streams of a node that died count until its lease ends. */
    @Test
    void whenAUserHasTooManyStreamsThenTheNextComesBackWhenALeaseCanHaveEnded() {
        try (SseClient _ = NODE.stream("/stream?user_id=many"); SseClient _ = NODE.stream("/stream?user_id=many");
                SseClient refused = NODE.stream("/stream?user_id=many", "X-SSE-Failover: 1")) {
            await().until(refused::isEnded);
            assertThat(refused.received().getLast().data()).contains("\"reason\":\"too-many-streams\"");
            long retry = Long.parseLong(refused.received().getLast().data().replaceAll("\\D", ""));
            assertThat(retry).isBetween(8_000L, 16_000L);
        }
    }

    @Test
    void whenNobodyHasEverHeardOfAUserThenItIsOffline() throws IOException {
        assertThat(data("/users?user_id=no%2Fbody").toString()).isEqualTo(
                "{\"user_id\":\"no/body\",\"online\":false,\"status\":\"offline\",\"last_seen\":null,\"connections\":[]}");
    }

    @Test
    void whenAnIdIsNoneThenItIsRefused() throws IOException {
        assertThat(NODE.api().get("/users/%20a").statusCode()).isEqualTo(400);
        assertThat(NODE.api().get("/users?user_id=").statusCode()).isEqualTo(400);
        assertThat(NODE.api().get("/users").statusCode()).isEqualTo(400);
        assertThat(NODE.api().get("/users?user_id=%FF").statusCode()).isEqualTo(400);
        assertThat(NODE.api().post("/users/anna", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void whenTheClusterIsAskedForThenTheNodeSaysWhatItIs() throws IOException {
        JsonNode info = data("/info");
        assertThat(info.get("totals").get("nodes").asInt()).isEqualTo(1);
        JsonNode node = info.get("nodes").get(0);
        assertThat(node.get("id").asString()).isEqualTo("n-1");
        assertThat(node.get("address").asString()).isEqualTo("127.0.0.1:" + NODE.port());
        assertThat(node.get("version").asString()).isNotEqualTo("unknown").isNotEmpty();
        assertThat(node.get("uptime_seconds").asLong()).isBetween(0L, 600L);
        assertThat(node.get("started_at").asString()).matches("20..-..-..T.*Z");
    }

    @Test
    void whenAFriendFollowsAUserThenComingAndGoingIsAnEvent() {
        try (SseClient friend = NODE.stream("/stream?group=presence:berta")) {
            SseClient berta = NODE.stream("/stream?user_id=berta");
            await().until(() -> friend.data().size() == 1);
            berta.close();
            await().untilAsserted(() -> assertThat(friend.data()).containsExactly(
                    "{\"user_id\":\"berta\",\"status\":\"online\"}", "{\"user_id\":\"berta\",\"status\":\"offline\"}"));
        }
    }

    @Test
    void whenRedisIsAwayThenTheCallsSaySo() throws IOException {
        REDIS.kill();
        assertThat(NODE.api().get("/info").statusCode()).isEqualTo(503);
        HttpResponse<String> user = NODE.api().get("/users/anna");
        assertThat(user.statusCode()).isEqualTo(503);
        assertThat(user.headers().firstValue("Retry-After")).isPresent();
        REDIS.restart();
        NODE.awaitReady();
        await().untilAsserted(() -> assertThat(data("/info").get("totals").get("nodes").asInt()).isEqualTo(1));
    }

    private static JsonNode data(String path) throws IOException {
        HttpResponse<String> answer = NODE.api().get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        return JsonMapper.shared().readTree(answer.body()).get("data");
    }
}
