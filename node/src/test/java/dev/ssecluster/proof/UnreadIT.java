package dev.ssecluster.proof;

import com.jayway.jsonpath.JsonPath;
import dev.ssecluster.event.Target;
import dev.ssecluster.test.Api;
import dev.ssecluster.test.Database;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Ledger.Line;
import dev.ssecluster.test.Message;
import dev.ssecluster.test.NodeProcess;
import dev.ssecluster.test.RedisConsole;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.ResumingClient;
import dev.ssecluster.test.Sender;
import dev.ssecluster.test.TestServices;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Whatever happens at once, in the end the count of unread messages is the database's, from every node and on every stream. */
@Tag("proof")
@Execution(ExecutionMode.CONCURRENT)
class UnreadIT {

    private static final int ROUNDS = 5;
    private static final int NEEDED = 500; // sends
    private static final int USERS = 6;
    private static final String COUNT = "select count(*) from app_sse_message where receiver_type = 'user' and receiver_id = ? "
            + "and status < 2 and (expire_at is null or expire_at > utc_timestamp(6))";

    private final Random random = Seed.random();
    private final RedisServer redis = TestServices.newRedis();
    private final RedisConsole console = new RedisConsole(redis);
    private final Database database = TestServices.emptyDatabase();
    private final Audience audience = new Audience(random, USERS, 1);
    private final Ledger ledger = new Ledger();
    private final AtomicInteger numbers = new AtomicInteger();
    private final List<ResumingClient> tabs = new ArrayList<>();
    private final Cluster cluster = Cluster.start(2, redis, database);
    private volatile NodeProcess third = launch();

    private NodeProcess launch() {
        return NodeProcess.launch(TestServices.properties(redis, database), Cluster.QUICK.toArray(String[]::new));
    }

    private int anyPort() {
        int index = random.nextInt(3);
        return index < 2 ? cluster.node(index).port() : third.port();
    }

    @BeforeEach
    void open() {
        third.awaitReady();
        for (int i = 0; i < 2 * USERS; i++) {
            tabs.add(ResumingClient.open(this::anyPort, "/stream?backlog=none&unread=true&user_id=" + user(i)));
        }
        await().until(() -> tabs.stream().allMatch(ResumingClient::isConnected));
    }

    private String user(int index) {
        return audience.user(index % USERS);
    }

    @AfterEach
    void stop() {
        tabs.forEach(ResumingClient::close);
        third.close();
        cluster.close();
        console.close();
        redis.close();
    }

    @Test
    void whenSendsReadsExpiryALostCacheAndADyingNodeComeTogetherThenTheCountIsTheDatabases() throws Exception {
        // A busy machine sends less in a round, so there are more of them until there are enough to prove something.
        for (int round = 0; round < ROUNDS || (round < 4 * ROUNDS && ledger.stored().size() <= NEEDED); round++) {
            try (Load load = Load.start(8, Duration.ofMillis(3), this::doAnything)) {
                load.goOn(Duration.ofMillis(700));
                console.flush();
                load.goOn(Duration.ofMillis(300));
                third.kill();
                load.goOn(Duration.ofMillis(300));
                third = launch();
            }
            third.awaitReady();
            await().atMost(30, TimeUnit.SECONDS).until(() -> console.journalLength() == 0);
            IntStream.range(0, USERS).forEach(i -> awaitAgreement(user(i)));
        }
        assertThat(ledger.stored()).hasSizeGreaterThan(NEEDED);
        assertThat(ledger.violations()).isEmpty();
        assertThat(ledger.lines(Line::isStored)).as("read ones").anyMatch(line -> statusOf(line) == 2);
    }

    private void doAnything() {
        String user = user(random.nextInt(USERS));
        switch (random.nextInt(4)) {
            case 0 -> tryTo(() -> new Api(anyPort()).get("/messages/unread?user_id=" + user));
            case 1 -> read(user);
            default -> new Sender(ledger, this::anyPort).send(new Message(numbers.getAndIncrement(), Target.user(user), random.nextInt(3), true,
                    random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0, 0));
        }
    }

    /** One, several, or all up to one; seldom of somebody else, which must change nothing. */
    private void read(String user) {
        List<Line> lines = ledger.lines(line -> line.isAccepted() && line.message().target().name().equals(user));
        if (lines.isEmpty()) {
            return;
        }
        long id = lines.get(random.nextInt(lines.size())).id();
        String what = switch (random.nextInt(10)) {
            case 0 -> "\"up_to\":\"" + id + "\"";
            case 1, 2, 3 -> "\"event_ids\":[\"" + id + "\",\"" + lines.getFirst().id() + "\",\"1\"]";
            default -> "\"event_id\":\"" + id + "\"";
        };
        String reader = random.nextInt(10) == 0 ? user(random.nextInt(USERS)) : user;
        tryTo(() -> new Api(anyPort()).post("/messages/read", "{\"user_id\":\"" + reader + "\"," + what + "}"));
    }

    /** A call that the dying node or the emptied Redis may fail, but only in the ways of the contract. */
    private static void tryTo(Call call) {
        try {
            HttpResponse<String> response = call.make();
            assertThat(response.statusCode()).as(response.body()).isIn(200, 503);
        } catch (IOException e) {
            assertThat(e).isNotInstanceOf(java.net.http.HttpTimeoutException.class);
        }
    }

    /** A request. */
    @FunctionalInterface
    private interface Call {

        HttpResponse<String> make() throws IOException;
    }

    private void awaitAgreement(String user) {
        await().atMost(15, TimeUnit.SECONDS).untilAsserted(() -> {
            long expected = database.number(COUNT, user);
            assertThat(List.of(cluster.node(0).port(), cluster.node(1).port(), third.port()))
                    .allSatisfy(port -> assertThat(unread(port, user)).isEqualTo(expected));
            assertThat(IntStream.range(0, tabs.size()).filter(i -> user(i).equals(user)).mapToObj(tabs::get))
                    .allSatisfy(tab -> assertThat(tab.data("sse.unread")).last().isEqualTo("{\"unread\":" + expected + "}"));
            assertThat(database.number(COUNT, user)).isEqualTo(expected); // else one expired just now
        });
    }

    private static long unread(int port, String user) throws IOException {
        HttpResponse<String> response = new Api(port).get("/messages/unread?user_id=" + user);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        int count = JsonPath.read(response.body(), "$.data.unread");
        return count;
    }

    private long statusOf(Line line) {
        return database.number("select coalesce(max(status), -1) from app_sse_message where id = ?", line.id());
    }
}
