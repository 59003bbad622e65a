package dev.ssecluster.connect;

import dev.ssecluster.loadtest.SseParser;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Three nodes: whatever node a send reaches, whatever node owns the stream. */
class ClusterDeliveryIT {

    private static final List<TestNode> NODES = new ArrayList<>();

    private final List<SseClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        for (int i = 0; i < 3; i++) {
            NODES.add(TestNode.start("sse.stream.heartbeat-interval=300ms", "sse.backplane.probe-interval=100ms"));
        }
    }

    @AfterAll
    static void stop() {
        NODES.forEach(TestNode::close);
    }

    @AfterEach
    void close() {
        clients.forEach(SseClient::close);
    }

    private SseClient open(int node, String path, String... headers) {
        SseClient client = NODES.get(node).stream(path, headers);
        clients.add(client);
        return client;
    }

    private static void send(String path, String body) {
        assertThat(NODES.getFirst().post(path, body)).returns(200, response -> response.statusCode());
    }

    @Test
    void whenSentOnOneNodeThenTheOthersDeliverAllKindsInOrder() {
        SseClient second = open(1, "/stream/news/anna");
        SseClient third = open(2, "/stream/news/anna");
        for (int i = 0; i < 25; i++) {
            send("/send", "{\"user_id\":\"anna\",\"event_type\":\"t\",\"data\":" + 4 * i + "}");
            send("/send", "{\"client_id\":\"anna\",\"event_type\":\"t\",\"data\":" + (4 * i + 1) + "}");
            send("/send/group", "{\"group\":\"news\",\"event_type\":\"t\",\"data\":" + (4 * i + 2) + "}");
            send("/broadcast", "{\"event_type\":\"t\",\"data\":" + (4 * i + 3) + "}");
        }
        List<String> expected = IntStream.range(0, 100).mapToObj(Integer::toString).toList();
        await().untilAsserted(() -> assertThat(second.data()).isEqualTo(expected));
        await().untilAsserted(() -> assertThat(third.data()).isEqualTo(expected));
        assertThat(second.events().stream().map(SseParser.Received::lastEventId).map(Long::parseLong).toList()).isSorted();
    }

    @Test
    void whenIdsAreInAnyScriptThenTheyAreReached() {
        SseClient client = open(1, "/stream/%E5%85%AC%E5%91%8A/%F0%9F%98%80?user_id=%E7%94%A8%E6%88%B7+1");
        send("/send/group", "{\"group\":\"公告\",\"event_type\":\"t\",\"data\":\"群\"}");
        send("/send", "{\"client_id\":\"😀\",\"event_type\":\"t\",\"data\":\"客\"}");
        send("/send", "{\"user_id\":\"用户 1\",\"event_type\":\"t\",\"data\":\"户\"}");
        await().untilAsserted(() -> assertThat(client.data()).containsExactly("\"群\"", "\"客\"", "\"户\""));
        assertThat(client.received().getFirst().data()).contains("\"client_id\":\"😀\"", "\"groups\":[\"公告\"]");
    }

    @Test
    void whenGroupsAreRepeatedOrListedThenAllAreJoinedOnce() {
        SseClient client = open(2, "/stream?group=g1,g2&group=g3&group=g1");
        for (String group : List.of("g1", "g2", "g3")) {
            send("/send/group", "{\"group\":\"" + group + "\",\"event_type\":\"t\",\"data\":\"" + group + "\"}");
        }
        await().untilAsserted(() -> assertThat(client.data()).containsExactly("\"g1\"", "\"g2\"", "\"g3\""));
    }

    @Test
    void whenDataIsAnyJsonThenItArrivesUnchangedButForWhiteSpace() {
        SseClient client = open(1, "/stream/any");
        String value = "{\"a\": 1.0, \"b\":\t1e400, \"c\":12345678901234567890123, \"d\":\"\\u00e9\\n😀\\ud83d\" , \"e\":[ ]\n}";
        send("/send", "{\"user_id\":\"any\",\"event_type\":\"t\",\"data\":" + value + "}");
        await().untilAsserted(() -> assertThat(client.data()).containsExactly(
                "{\"a\":1.0,\"b\":1e400,\"c\":12345678901234567890123,\"d\":\"\\u00e9\\n😀\\ud83d\",\"e\":[]}"));
    }

    @Test
    void whenTheLargestDataThenEveryByteArrives() {
        SseClient client = open(1, "/stream/large");
        String largest = "\"" + "x".repeat(65_533) + "\"";
        send("/send", "{\"user_id\":\"large\",\"event_type\":\"t\",\"data\":" + largest + "}");
        await().untilAsserted(() -> assertThat(client.data()).containsExactly(largest));
        assertThat(NODES.getFirst().post("/send", "{\"user_id\":\"large\",\"event_type\":\"t\",\"data\":\"x" + largest.substring(1) + "}")
                .statusCode()).isEqualTo(413);
    }

    @Test
    void whenClientIdIsSharedThenEveryStreamGetsTheEvent() {
        List<SseClient> tabs = List.of(open(0, "/stream/tabs"), open(1, "/stream/tabs"), open(1, "/stream/tabs"));
        send("/send", "{\"client_id\":\"tabs\",\"event_type\":\"t\",\"data\":1}");
        await().untilAsserted(() -> assertThat(tabs).allSatisfy(tab -> assertThat(tab.data()).containsExactly("1")));
        assertThat(tabs.stream().map(tab -> tab.received().getFirst().data()).distinct()).hasSize(3);
    }

    @Test
    void whenAnonymousThenGroupsAndBroadcastsArrive() {
        SseClient client = open(1, "/stream?group=anon");
        assertThat(client.received().getFirst().data()).contains("\"user_id\":null");
        send("/send/group", "{\"group\":\"anon\",\"event_type\":\"t\",\"data\":1}");
        await().untilAsserted(() -> assertThat(client.data()).containsExactly("1"));
    }

    @Test
    void whenEnvelopeThenDataSaysWhereItCameFrom() {
        SseClient client = open(1, "/stream/boxed/env?envelope=true");
        send("/send/group", "{\"group\":\"boxed\",\"event_type\":\"t\",\"priority\":2,\"data\":{\"a\":1}}");
        await().untilAsserted(() -> assertThat(client.data()).hasSize(1));
        assertThat(client.data().getFirst()).startsWith("{\"event_id\":\"" + client.lastEventId() + "\"")
                .contains("\"receiver_type\":\"group\",\"group\":\"boxed\",\"priority\":2,\"created_at\":\"20")
                .endsWith("\"data\":{\"a\":1}}");
    }

    @Test
    void whenHeartbeatsAreEventsThenAScriptSeesThemWithTheCursor() {
        SseClient client = open(1, "/stream/beats?heartbeat=event");
        SseClient quiet = open(1, "/stream/quiet");
        long start = Long.parseLong(client.lastEventId());
        send("/send", "{\"user_id\":\"someone-else\",\"event_type\":\"t\",\"data\":1}");
        await().untilAsserted(() -> assertThat(client.received().stream().filter(e -> e.type().equals("sse.heartbeat")))
                .anySatisfy(beat -> assertThat(Long.parseLong(beat.lastEventId())).isGreaterThan(start)));
        await().untilAsserted(() -> assertThat(quiet.retryMillis()).isBetween(1_000L, 5_000L));
        assertThat(quiet.received()).hasSize(1);
    }

    @Test
    void whenStreamBeginsThenHeadersForbidCachesAndBuffers() {
        assertThat(open(0, "/stream/heads").head()).startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Type: text/event-stream\r\n", "Cache-Control: no-store, no-transform\r\n",
                        "X-Accel-Buffering: no\r\n", "Connection: close\r\n")
                .doesNotContain("Content-Length", "Transfer-Encoding");
    }

    @Test
    void whenBatchThenEachMessageReachesItsTarget() {
        SseClient client = open(2, "/stream/crew/bob");
        send("/send/batch", """
                {"messages":[
                 {"target":{"user_id":"bob"},"event_type":"t","data":1},
                 {"target":{"client_id":"bob"},"event_type":"t","data":2},
                 {"target":{"group":"crew"},"event_type":"t","data":3},
                 {"target":{"broadcast":true},"event_type":"t","data":4},
                 {"target":{"user_id":""},"event_type":"t","data":5}]}""");
        await().untilAsserted(() -> assertThat(client.data()).containsExactly("1", "2", "3", "4"));
    }
}
