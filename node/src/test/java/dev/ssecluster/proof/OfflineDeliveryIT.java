package dev.ssecluster.proof;

import com.jayway.jsonpath.JsonPath;
import dev.ssecluster.event.Target;
import dev.ssecluster.test.DatabaseServer;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Message;
import dev.ssecluster.test.RedisConsole;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.ResumingClient;
import dev.ssecluster.test.Sender;
import dev.ssecluster.test.TestServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One user's streams that begin without a cursor: whatever other tabs and phones of the same user did meanwhile, no persisted
 * message is skipped that none of them has written.
 */
@Tag("proof")
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("OfflineDelivery") // its nodes are the class's
@ParameterizedClass(name = "positions stored every {0}")
@ValueSource(strings = {"60s", "200ms"})
class OfflineDeliveryIT {

    private static final Logger log = LoggerFactory.getLogger(OfflineDeliveryIT.class);
    private static final Random random = Seed.random();

    private static RedisServer redis;
    private static DatabaseServer database;

    @SuppressWarnings("NullAway.Init") // it does not know the annotation
    private static Cluster cluster;

    private final Audience audience = new Audience(random, 1, 1);
    private final String user = audience.user(0);
    private final Ledger ledger = new Ledger();
    private final List<ResumingClient> clients = new ArrayList<>();

    /** Takes the interval because JUnit gives it to {@link #startNodes} only if the class takes it, too. */
    OfflineDeliveryIT(String interval) {
        log.info("Positions are stored every {}", interval);
    }

    @BeforeAll
    static void start() {
        redis = TestServices.newRedis();
        database = TestServices.newDatabase();
    }

    @BeforeParameterizedClassInvocation
    static void startNodes(String interval) {
        cluster = Cluster.start(2, redis, database.database(), "sse.stream.client-timeout=3s", "sse.position.interval=" + interval);
    }

    @AfterParameterizedClassInvocation
    static void stopNodes() {
        cluster.close();
    }

    @AfterAll
    static void stop() {
        database.close();
        redis.close();
    }

    @AfterEach
    void close() {
        clients.forEach(ResumingClient::close);
        await().atMost(20, TimeUnit.SECONDS).until(() -> cluster.streams() == 0);
    }

    private ResumingClient open(String... parameters) {
        List<String> all = new ArrayList<>(List.of("user_id=" + user));
        all.addAll(List.of(parameters));
        ResumingClient client = ResumingClient.open(cluster.anyPort(random), "/stream?" + String.join("&", all));
        clients.add(client);
        await().until(client::isConnected);
        return client;
    }

    /** Sends the user these numbers, persisted. */
    private void send(int... numbers) {
        Sender sender = new Sender(ledger, cluster.anyPort(random));
        for (int number : numbers) {
            assertThat(sender.send(Message.of(number, Target.user(user), true)).isAccepted()).isTrue();
        }
    }

    private static void awaitNumbers(ResumingClient client, Integer... numbers) {
        await().untilAsserted(() -> assertThat(numbers(client)).containsExactly(numbers));
    }

    private static List<Integer> numbers(ResumingClient client) {
        return client.data().stream().map(Message::numberIn).toList();
    }

    private List<Integer> pending() {
        try {
            HttpResponse<String> response = cluster.node(0).api().get("/messages/pending?user_id=" + user);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            List<Integer> numbers = JsonPath.read(response.body(), "$.data[*].data.n");
            return numbers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void closeAndWait(ResumingClient... leaving) {
        int before = cluster.streams();
        List.of(leaving).forEach(ResumingClient::close);
        await().atMost(20, TimeUnit.SECONDS).until(() -> cluster.streams() <= before - leaving.length);
    }

    @Test
    void whenTwoTabsWereServedThenTheNextStreamStartsAfterThem() {
        send(0, 1);
        ResumingClient first = open();
        awaitNumbers(first, 0, 1);
        ResumingClient second = open();
        send(2);
        await().untilAsserted(() -> assertThat(numbers(second)).contains(2).doesNotHaveDuplicates());
        awaitNumbers(first, 0, 1, 2);
        closeAndWait(first, second);
        await().untilAsserted(() -> assertThat(pending()).isEmpty());
        send(3);
        awaitNumbers(open(), 3);
    }

    @Test
    void whenATabStartedNowThenWhatWaitedStillComesToTheNext() {
        send(0, 1);
        ResumingClient now = open("backlog=none");
        send(2);
        awaitNumbers(now, 2);
        closeAndWait(now);
        await().during(Duration.ofSeconds(2)).until(() -> pending().containsAll(List.of(0, 1)));
        ResumingClient next = open();
        await().untilAsserted(() -> assertThat(numbers(next)).startsWith(0, 1).doesNotHaveDuplicates());
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "packets are dropped by a filter of Linux")
    void whenAPhoneVanishesThenWhatItDidNotReceiveComesToTheNext() {
        ResumingClient phone = open();
        send(0);
        awaitNumbers(phone, 0);
        phone.vanish();
        send(1, 2);
        await().atMost(20, TimeUnit.SECONDS).until(() -> cluster.streams() == 0);
        await().during(Duration.ofSeconds(1)).until(() -> pending().containsAll(List.of(1, 2)));
        ResumingClient next = open();
        await().untilAsserted(() -> assertThat(numbers(next)).endsWith(1, 2).doesNotHaveDuplicates());
    }

    @Test
    void whenAStreamOpensWhileTheDatabaseIsAwayThenNothingIsSkippedForTheNext() {
        send(0);
        database.kill();
        ResumingClient meanwhile = open();
        assertThat(meanwhile.received().getFirst().event().data()).isEqualTo("{\"reason\":\"store-unavailable\"}");
        send(1);
        await().untilAsserted(() -> assertThat(numbers(meanwhile)).contains(1));
        closeAndWait(meanwhile);
        database.restart();
        awaitEmptyJournal();
        await().during(Duration.ofSeconds(2)).until(() -> pending().contains(0));
        ResumingClient next = open();
        await().untilAsserted(() -> assertThat(numbers(next)).startsWith(0).doesNotHaveDuplicates());
    }

    private static void awaitEmptyJournal() {
        try (RedisConsole console = new RedisConsole(redis)) {
            await().atMost(30, TimeUnit.SECONDS).until(() -> console.journalLength() == 0);
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "packets are dropped by a filter of Linux")
    void whenAllOfThisHappensToOneUserThenNothingUnwrittenIsSkipped() {
        send(0, 1);
        ResumingClient now = open("backlog=none");
        ResumingClient phone = open();
        awaitNumbers(phone, 0, 1);
        phone.vanish();
        send(2);
        awaitNumbers(now, 2);
        database.kill();
        ResumingClient meanwhile = open();
        send(3);
        await().untilAsserted(() -> assertThat(numbers(meanwhile)).contains(3));
        closeAndWait(now, meanwhile);
        send(4);
        database.restart();
        awaitEmptyJournal();
        await().atMost(20, TimeUnit.SECONDS).until(() -> cluster.streams() == 0);
        await().during(Duration.ofSeconds(1)).until(() -> pending().contains(4));
        ResumingClient next = open();
        await().untilAsserted(() -> assertThat(numbers(next)).contains(4).doesNotHaveDuplicates().isSorted());
    }

    @Test
    void whenNobodyIsOnlineThenAShortBacklogComesUrgentFirst() {
        Sender sender = new Sender(ledger, cluster.anyPort(random));
        for (int number = 0; number < 9; number++) {
            sender.send(new Message(number, Target.user(user), number % 3, true, 0, 0));
        }
        awaitNumbers(open(), 2, 5, 8, 1, 4, 7, 0, 3, 6);
    }
}
