package dev.ssecluster.subscription;

import com.jayway.jsonpath.JsonPath;
import dev.ssecluster.test.RedisConsole;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.ResumingClient;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One user's groups are subscribed and unsubscribed at random, on any node, while all of them are sent events all the time: what is
 * accepted between a subscribe's answer and an unsubscribe's call arrives on every stream, once and in order.
 */
class RandomSubscriptionsIT {

    private static final int GROUPS = 4;
    private static final int STREAMS = 6;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private static final List<TestNode> NODES = new ArrayList<>();
    private static RedisServer redis;

    private final List<ResumingClient> clients = new ArrayList<>();
    private final Calls calls = new Calls("r-" + UUID.randomUUID());
    private final Map<Long, Integer> sent = new ConcurrentHashMap<>(); // the group of each event
    private final List<Span> spans = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** What is done while a group is subscribed. */
    private interface WhileSubscribed {
        boolean run(int group) throws InterruptedException;
    }

    /** While that group was subscribed: {@code must} arrive, nothing beyond {@code may}; ids, exclusive. */
    private record Span(int group, long mayFrom, long mustFrom, long mustTo, long mayTo) {}

    @BeforeAll
    static void start() {
        redis = TestServices.newRedis();
        for (int i = 0; i < 2; i++) {
            NODES.add(TestNode.startOn(redis, "sse.backplane.probe-interval=100ms", "sse.backplane.probe-timeout=1s"));
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
        clients.forEach(ResumingClient::close);
        await().until(() -> NODES.stream().allMatch(node -> node.streams() == 0));
    }

    @BeforeEach
    void open() {
        System.out.println("seed " + seed);
        for (int i = 0; i < STREAMS; i++) {
            int port = NODES.get(i % NODES.size()).port();
            clients.add(ResumingClient.open(() -> port, "/stream?user_id=" + calls.user() + "&backlog=none"));
        }
        await().until(() -> clients.stream().allMatch(ResumingClient::isConnected));
    }

    @Test
    void whenGroupsAreSubscribedAtRandomThenNothingIsLostAndNothingComesTwice() throws Exception {
        run(2, 30, () -> {}, _ -> stopped.await(random.nextInt(60), TimeUnit.MILLISECONDS));
        List<Long> expected = sent.keySet().stream().filter(this::must).sorted().toList();
        assertThat(expected).hasSizeGreaterThan(20);
        for (ResumingClient client : clients) {
            await().untilAsserted(() -> assertThat(ids(client)).containsAll(expected));
            assertThat(ids(client)).isSorted().doesNotHaveDuplicates().allMatch(this::may);
            assertThat(client.data("sse.reset")).isEmpty();
            assertThat(client.connections()).isEqualTo(1);
        }
    }

    /** A group that is unsubscribed before a deaf node hears again was never subscribed there; so each stays until all have heard of it. */
    @Test
    void whenNodesAreDeafAgainAndAgainThenNothingIsLostEither() throws Exception {
        try (RedisConsole console = new RedisConsole(redis)) {
            run(1, 15, () -> {
                if (random.nextInt(3) > 0) {
                    kill(console);
                }
            }, this::awaitHeardBy);
        }
        List<Long> expected = sent.keySet().stream().filter(this::must).sorted().toList();
        assertThat(expected).hasSizeGreaterThan(20);
        for (ResumingClient client : clients) {
            await().untilAsserted(() -> assertThat(ids(client)).containsAll(expected));
            assertThat(ids(client)).isSorted().doesNotHaveDuplicates();
        }
    }

    private static void kill(RedisConsole console) {
        synchronized (console) {
            console.killPubSub();
        }
    }

    private boolean awaitHeardBy(int group) {
        long id = sendTo(group);
        await().atMost(20, TimeUnit.SECONDS).until(() -> clients.stream().allMatch(client -> ids(client).contains(id)));
        return true;
    }

    private List<Long> ids(ResumingClient client) {
        return client.events().stream().map(ResumingClient.Receipt::id).filter(sent::containsKey).toList();
    }

    private boolean must(long id) {
        return spans.stream().anyMatch(span -> span.group == group(id) && span.mustFrom < id && id < span.mustTo);
    }

    private boolean may(long id) {
        return spans.stream().anyMatch(span -> span.group == group(id) && span.mayFrom < id && id < span.mayTo);
    }

    private int group(long id) {
        return sent.getOrDefault(id, -1);
    }

    private void run(int changers, int changes, Runnable disturbance, WhileSubscribed action) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> senders = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                senders.add(threads.submit(this::keepSending));
            }
            List<Future<Void>> changing = new ArrayList<>();
            for (int i = 0; i < changers; i++) {
                int own = i;
                changing.add(threads.submit(changes(own, changers, changes, disturbance, action)));
            }
            for (Future<Void> each : changing) {
                each.get();
            }
            stopped.countDown();
            for (Future<Void> each : senders) {
                each.get();
            }
        }
        long last = mark(); // behind everything
        await().untilAsserted(() -> assertThat(clients.stream().map(client -> client.events().getLast().id()).collect(Collectors.toSet()))
                .allMatch(id -> id >= last));
    }

    private Void keepSending() throws InterruptedException {
        do {
            var _ = sendTo(random.nextInt(GROUPS));
        } while (!stopped.await(3, TimeUnit.MILLISECONDS));
        return null;
    }

    private Callable<Void> changes(int own, int changers, int changes, Runnable disturbance, WhileSubscribed action) {
        return () -> {
            for (int i = 0; i < changes; i++) {
                int group = own + changers * random.nextInt(GROUPS / changers);
                long mayFrom = mark();
                disturbance.run();
                calls.subscribe(anyNode(), name(group));
                long mustFrom = mark();
                var _ = action.run(group);
                long mustTo = mark();
                calls.unsubscribe(anyNode(), name(group));
                spans.add(new Span(group, mayFrom, mustFrom, mustTo, mark()));
            }
            return null;
        };
    }

    private long sendTo(int group) {
        long id = send("/send/group", "\"group\":\"" + name(group) + "\"");
        sent.put(id, group);
        return id;
    }

    /** The id of an event to the user: of now. */
    private long mark() {
        return send("/send", "\"user_id\":\"" + calls.user() + "\"");
    }

    /** Until it is accepted. */
    private long send(String path, String target) {
        while (true) {
            HttpResponse<String> answer = anyNode().post(path, "{" + target + ",\"event_type\":\"proof\",\"data\":0}");
            if (answer.statusCode() == 200) {
                String id = JsonPath.read(answer.body(), "$.data.event_id");
                return Long.parseLong(id);
            }
        }
    }

    private TestNode anyNode() {
        return NODES.get(random.nextInt(NODES.size()));
    }

    private String name(int group) {
        return calls.user() + "-" + group;
    }
}
