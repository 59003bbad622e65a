package dev.ssecluster.subscription;

import com.jayway.jsonpath.JsonPath;
import dev.ssecluster.loadtest.SseParser;
import dev.ssecluster.test.RedisConsole;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Streams of three nodes follow what is subscribed on any of them. */
class SubscriptionsIT {

    private static final String ANY = "news";
    private static final List<TestNode> NODES = new ArrayList<>();
    private static RedisServer redis;

    private final String user = "s-" + UUID.randomUUID();
    private final String group = "g-" + user;
    private final Calls calls = new Calls(user);
    private final List<SseClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        redis = TestServices.newRedis();
        for (int i = 0; i < 3; i++) {
            NODES.add(TestNode.startOn(redis, "sse.backplane.probe-interval=200ms", "sse.backplane.probe-timeout=1s",
                    "sse.subscription.max-per-user=3", "sse.position.interval=200ms", "sse.stream.heartbeat-interval=500ms", "sse.stream.client-timeout=1s"));
        }
        NODES.forEach(TestNode::awaitReady);
    }

    @AfterAll
    static void stop() {
        NODES.forEach(TestNode::close);
        redis.close();
    }

    @AfterEach
    void close() {
        clients.forEach(SseClient::close);
        await().until(() -> NODES.stream().mapToInt(TestNode::streams).sum() == 0);
    }

    private static TestNode node(int number) {
        return NODES.get(number - 1);
    }

    private SseClient open(int node, String parameters, String... headers) {
        SseClient client = node(node).stream("/stream?user_id=" + user + parameters, headers);
        clients.add(client);
        assertThat(client.isConnected()).as(client.head()).isTrue();
        return client;
    }

    private void toGroup(int number) {
        toGroup(ANY, number, false);
    }

    private void toGroup(String type, int number, boolean persist) {
        var _ = Calls.toGroup(node(1), group, type, number, persist);
    }

    /** To the user: whatever was sent before has been received, or never will be. */
    private void toUser(int number) {
        var _ = calls.toUser(node(1), ANY, number, false);
    }

    private static void awaitNumbers(SseClient client, Integer... numbers) {
        List<String> expected = Stream.of(numbers).map(String::valueOf).toList();
        await().untilAsserted(() -> assertThat(client.data()).isEqualTo(expected));
    }

    private static List<String> resets(SseClient client) {
        return client.received().stream().filter(event -> event.type().equals("sse.reset")).map(SseParser.Received::data).toList();
    }

    @Test
    void whenSubscribedOnOneNodeThenStreamsOnOthersGetTheNextEventAndNoneAfterUnsubscribing() {
        SseClient second = open(2, "");
        SseClient third = open(3, "");
        toGroup(1);
        calls.subscribe(node(1), group);
        toGroup(2);
        awaitNumbers(second, 2);
        awaitNumbers(third, 2);
        calls.unsubscribe(node(1), group);
        toGroup(3);
        toUser(4);
        awaitNumbers(second, 2, 4);
        awaitNumbers(third, 2, 4);
        assertThat(resets(second)).isEmpty();
    }

    @Test
    void whenTypesAreNamedThenOnlyTheyComeLiveInReplaysAndOnResuming() {
        calls.subscribe(node(1), group, "a", "b");
        SseClient first = open(2, "");
        toGroup("a", 1, true);
        toGroup("c", 2, true);
        toGroup("b", 3, true);
        awaitNumbers(first, 1, 3);
        first.close();
        toGroup("c", 4, true);
        toGroup("a", 5, true);
        SseClient resumed = open(3, "", "Last-Event-ID: " + first.lastEventId());
        awaitNumbers(resumed, 5);
        calls.subscribe(node(1), group, "c");
        toGroup("a", 6, false);
        toGroup("c", 7, false);
        awaitNumbers(resumed, 5, 7);
        assertThat(resets(resumed)).isEmpty();
    }

    @Test
    void whenAGroupIsNamedByTheStreamTooThenItIsNotFiltered() {
        calls.subscribe(node(1), group, "a");
        SseClient client = open(2, "&group=" + group);
        toGroup("c", 1, false);
        awaitNumbers(client, 1);
        calls.unsubscribe(node(1), group);
        toGroup("c", 2, false);
        awaitNumbers(client, 1, 2);
    }

    @Test
    void whenNobodyWasOnlineThenTheMessagesSinceTheSubscriptionComeWithoutACursor() {
        toGroup(ANY, 1, true);
        calls.subscribe(node(1), group, "a");
        toGroup("a", 2, true);
        toGroup("b", 3, true);
        toGroup("a", 4, false);
        SseClient now = open(2, "&backlog=none");
        calls.toUser(node(1), ANY, 5, true);
        awaitNumbers(now, 5);
        now.close(); // what it served begins behind what nobody has written yet
        await().until(() -> NODES.stream().mapToInt(TestNode::streams).sum() == 0);
        SseClient next = open(3, "");
        await().untilAsserted(() -> assertThat(next.data()).startsWith("2").doesNotContain("1", "3", "4"));
    }

    @Test
    void whenTheyWereServedThenTheyDoNotComeAgain() {
        calls.subscribe(node(1), group);
        toGroup(ANY, 1, true);
        SseClient first = open(2, "");
        awaitNumbers(first, 1);
        toGroup(ANY, 2, true);
        awaitNumbers(first, 1, 2);
        first.close();
        String position = "select count(*) from app_sse_position where owner_type = 'user' and owner_id = ? and normal >= ?";
        long last = Long.parseLong(first.lastEventId());
        await().until(() -> TestServices.database().number(position, user, last) == 1);
        toGroup(ANY, 3, true);
        awaitNumbers(open(3, ""), 3);
    }

    @Test
    void whenARowIsDisabledThenStreamsIgnoreIt() {
        SseClient before = open(2, "");
        calls.subscribe(node(1), group);
        TestServices.database().execute("update app_sse_subscription set status = 0 where user_id = '" + user + "'");
        calls.subscribe(node(1), group + "2"); // so that open streams look again
        SseClient after = open(3, "");
        toGroup(1);
        toUser(2);
        awaitNumbers(before, 2);
        awaitNumbers(after, 2);
        List<Integer> listed = JsonPath.read(calls.list(node(1)), "$.data[*].status");
        assertThat(listed).containsExactly(0, 1);
        calls.subscribe(node(1), group);
        toGroup(3);
        awaitNumbers(before, 2, 3);
    }

    @Test
    void whenCallsAreRepeatedThenNothingChanges() {
        SseClient client = open(2, "");
        calls.subscribe(node(1), group);
        String first = calls.list(node(2));
        calls.subscribe(node(3), group);
        assertThat(calls.list(node(2))).isEqualTo(first).contains("\"group\":\"" + group + "\"", "\"event_types\":[]", "\"status\":1");
        calls.unsubscribe(node(1), group);
        calls.unsubscribe(node(2), group);
        assertThat(calls.list(node(3))).isEqualTo("{\"data\":[]}");
        toGroup(1);
        toUser(2);
        awaitNumbers(client, 2);
    }

    /** Nobody was told of the row: what the group was sent until the repetition is not known to streams that follow only then. */
    @Test
    void whenACallHasFailedHalfWayAndIsRepeatedThenOpenStreamsFollowBehindAReset() {
        SseClient client = open(2, "");
        TestServices.database().execute("insert into app_sse_subscription (user_id, group_name, status, self_made, created_at, updated_at) "
                + "values ('" + user + "', '" + group + "', 1, 0, utc_timestamp(6), utc_timestamp(6))");
        toGroup(ANY, 1, true);
        calls.subscribe(node(1), group);
        toGroup(2);
        awaitNumbers(client, 2);
        assertThat(resets(client)).containsExactly("{\"reason\":\"store-unavailable\"}");
        calls.subscribe(node(1), group);
        toGroup(3);
        awaitNumbers(client, 2, 3);
        assertThat(resets(client)).hasSize(1);
    }

    @Test
    void whenThereAreTooManyThenTheNextIsRefused() {
        for (int i = 0; i < 3; i++) {
            calls.subscribe(node(1), group + i);
        }
        var refused = node(2).post("/subscribe", "{\"user_id\":\"" + user + "\",\"group\":\"" + group + "\"}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("too-many-subscriptions", "3 subscriptions");
        assertThat(node(2).post("/subscribe", "{\"user_id\":\"\",\"event_types\":[\"sse.x\"]}").body())
                .contains("\"user_id\"", "\"group\"", "\"event_types[0]\"");
    }

    /** The request is heard by none, or by some; the others read what has changed when they are connected again. */
    @Test
    void whenNodesAreDeafAtThatMomentThenTheirStreamsFollowAllTheSame() {
        List<SseClient> all = List.of(open(1, ""), open(2, ""), open(3, ""));
        toUser(0);
        all.forEach(client -> awaitNumbers(client, 0));
        awaitProbesOfLater();
        try (RedisConsole console = new RedisConsole(redis)) {
            for (int i = 1; i <= 4; i++) {
                console.killPubSub();
                calls.subscribe(node(1), group);
                sendWhenReady(i);
                List<String> expected = Stream.iterate(0, n -> n + 1).limit(i + 1).map(String::valueOf).toList();
                await().untilAsserted(() -> assertThat(all).allMatch(client -> client.data().equals(expected)));
                console.killPubSub();
                calls.unsubscribe(node(1), group);
                NODES.forEach(TestNode::awaitReady);
            }
        }
        assertThat(all).allMatch(client -> resets(client).isEmpty());
    }

    /** Until it is certain that these streams were not opened by nodes that were deaf already. Ids may be ahead of the clock. */
    private void awaitProbesOfLater() {
        await().pollDelay(1_500, MILLISECONDS).until(() -> Calls.toGroup(node(1), "nobody's", ANY, 0, false) > 0);
    }

    private void sendWhenReady(int number) {
        await().until(() -> node(1).post("/send/group",
                "{\"group\":\"" + group + "\",\"event_type\":\"news\",\"data\":" + number + "}").statusCode() == 200);
    }
}
