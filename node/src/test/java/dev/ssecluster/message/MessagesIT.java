package dev.ssecluster.message;

import com.jayway.jsonpath.JsonPath;
import dev.ssecluster.test.Database;
import dev.ssecluster.test.RedisConsole;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** From a send to the inbox, through a real Redis and a real database; each call goes to another node than the one before. */
class MessagesIT {

    private static final String SEND = "{\"user_id\":\"%s\",\"event_type\":\"t\",\"data\":%s,\"persist\":true}";

    private static final RedisServer REDIS = TestServices.newRedis();
    private static final Database DATABASE = TestServices.emptyDatabase();
    private static final RedisConsole CONSOLE = new RedisConsole(REDIS);
    private static final TestNode ONE = TestNode.startOn(REDIS, DATABASE);
    private static final TestNode TWO = TestNode.startOn(REDIS, DATABASE, "sse.message.store-timeout=500ms");

    /** Has room for no more than one message on the way into the database. */
    private static final TestNode NARROW = TestNode.startOn(REDIS, DATABASE, "sse.message.queue-length=1");

    @BeforeAll
    static void awaitReady() {
        List.of(ONE, TWO, NARROW).forEach(TestNode::awaitReady);
        DATABASE.execute("alter table app_sse_message add constraint not_poison check (data <> '\"poison\"')");
    }

    @AfterAll
    static void stop() {
        List.of(ONE, TWO, NARROW).forEach(TestNode::close);
        CONSOLE.close();
        REDIS.close();
        DATABASE.execute("drop database " + DATABASE.jdbcUrl().replaceFirst(".*/", ""));
    }

    @Test
    void whenASendIsAnsweredThenItsRowIsThereAndItsEntryIsGone() {
        String id = stored(ONE, "anna", "{\"n\":1.0,\"é\":\"\\u00e9🚀\"}");
        assertThat(DATABASE.number("select count(*) from app_sse_message where id = ? and event_id = ? and receiver_id = 'anna' "
                + "and status = 0 and expire_at > created_at + interval 7 day - interval 11 second " // ids are ahead after adopting
                + "and expire_at <= created_at + interval 7 day", id, id)).isEqualTo(1);
        assertThat(CONSOLE.journalLength()).isZero();
        String inbox = get(TWO, "/messages?user_id=anna");
        assertThat(inbox).contains("\"event_id\":\"" + id + "\"", "\"data\":{\"n\":1.0,\"é\":\"\\u00e9🚀\"}");
        assertThat(inbox).isEqualTo(get(ONE, "/messages/pending?user_id=anna"));
        assertThat(get(ONE, "/messages?user_id=Anna")).isEqualTo("{\"data\":[],\"next\":null}");
    }

    @Test
    void whenOneDeviceReadsThenEveryNodeCountsTheSame() {
        String first = stored(ONE, "berta", "1");
        String second = stored(TWO, "berta", "2");
        assertThat(unread(ONE, "berta")).isEqualTo(2);
        assertThat(unread(TWO, "berta")).isEqualTo(2);
        assertThat(read(TWO, "\"user_id\":\"berta\",\"event_id\":\"" + first + "\"")).isEqualTo("1 1");
        assertThat(unread(ONE, "berta")).isEqualTo(1);
        assertThat(read(ONE, "\"user_id\":\"Berta\",\"up_to\":\"" + second + "\"")).isEqualTo("0 0");
        assertThat(read(ONE, "\"user_id\":\"berta\",\"up_to\":\"" + second + "\"")).isEqualTo("1 0");
        assertThat(read(TWO, "\"user_id\":\"berta\",\"event_ids\":[\"" + first + "\",\"" + second + "\"]")).isEqualTo("0 0");
        stored(TWO, "berta", "3");
        assertThat(unread(ONE, "berta")).isEqualTo(1);
    }

    @Test
    void whenManySendAtOnceThenTheyShareInserts() throws Exception {
        double before = calls();
        List<String> ids = inParallel(64, () -> stored(ONE, "many", "1"), 640);
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(DATABASE.number("select count(*) from app_sse_message where receiver_id = 'many'")).isEqualTo(640);
        assertThat(calls() - before).isLessThan(320);
        assertThat(unread(TWO, "many")).isEqualTo(640);
    }

    private static double calls() {
        return ONE.summaryCount("sse.store.batch");
    }

    @Test
    void whenTheDatabaseIsSlowThenSendsAreJournaledAndStoredWhenItGoesOn() throws Exception {
        try (Connection connection = DriverManager.getConnection(DATABASE.jdbcUrl(), DATABASE.username(), DATABASE.password());
                Statement statement = connection.createStatement()) {
            lock(statement);
            HttpResponse<String> answer = post(TWO, "/send", SEND.formatted("carl", "1"));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            assertThat(answer.body()).contains("\"persisted\":false,\"journaled\":true");
            assertThat(CONSOLE.journalLength()).isPositive();
        }
        await().atMost(30, SECONDS).until(() -> CONSOLE.journalLength() == 0);
        assertThat(DATABASE.number("select count(*) from app_sse_message where receiver_id = 'carl'")).isEqualTo(1);
        assertThat(unread(ONE, "carl")).isEqualTo(1);
        await().atMost(10, SECONDS).until(() -> post(TWO, "/send", SEND.formatted("carl", "2")).statusCode() == 200);
    }

    /** Until the connection is closed. */
    private static void lock(Statement statement) throws SQLException {
        statement.execute("lock tables app_sse_message write");
    }

    @Test
    void whenAMessageIsStillInTheJournalThenItIsListedAndCanBeRead() {
        HttpResponse<String> answer = post(NARROW, "/send/batch", "{\"messages\":[" + inBatch("dora", "1") + "," + inBatch("dora", "2") + "]}");
        List<String> ids = JsonPath.read(answer.body(), "$.data[*].event_id");
        assertThat(answer.body()).contains("\"journaled\":true");
        assertThat(JsonPath.<List<String>>read(get(TWO, "/messages/pending?user_id=dora"), "$.data[*].event_id")).isEqualTo(ids);
        assertThat(read(ONE, "\"user_id\":\"dora\",\"event_id\":\"" + ids.getFirst() + "\"")).startsWith("1 ");
        await().atMost(30, SECONDS).until(() -> CONSOLE.journalLength() == 0); // another node stores what is left
        assertThat(DATABASE.texts("select status from app_sse_message where receiver_id = 'dora' order by id")).containsExactly("2", "0");
        assertThat(unread(TWO, "dora")).isEqualTo(1);
    }

    @Test
    void whenTheDatabaseRefusesAMessageForGoodThenItIsPutAsideAndTheOthersAreStored() {
        HttpResponse<String> answer = post(ONE, "/send/batch", "{\"messages\":["
                + inBatch("emil", "1") + "," + inBatch("emil", "\"poison\"") + "," + inBatch("emil", "3") + "]}");
        assertThat(JsonPath.<List<Boolean>>read(answer.body(), "$.data[*].persisted")).containsExactly(true, true);
        assertThat(JsonPath.<String>read(answer.body(), "$.data[1].type")).endsWith("not-storable");
        assertThat(JsonPath.<Integer>read(answer.body(), "$.data[1].status")).isEqualTo(500);
        assertThat(DATABASE.number("select count(*) from app_sse_message where receiver_id = 'emil'")).isEqualTo(2);
        assertThat(CONSOLE.deadLetters()).isEqualTo(1);
        assertThat(CONSOLE.journalLength()).isZero();
        assertThat(unread(TWO, "emil")).isEqualTo(2);
    }

    @Test
    void whenASendIsRepeatedThenItsRowIsMadeSureOf() {
        HttpResponse<String> first = post(ONE, "/send", SEND.formatted("fritz", "1"), "Idempotency-Key", "fritz");
        DATABASE.execute("delete from app_sse_message where receiver_id = 'fritz'");
        HttpResponse<String> second = post(TWO, "/send", SEND.formatted("fritz", "1"), "Idempotency-Key", "fritz");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(DATABASE.number("select count(*) from app_sse_message where receiver_id = 'fritz'")).isEqualTo(1);
    }

    @Test
    void whenAMessageExpiresThenItIsNeitherListedNorCounted() {
        stored(ONE, "gerda", "1");
        assertThat(post(ONE, "/send", SEND.formatted("gerda", "2").replace("true}", "true,\"ttl\":1}")).statusCode()).isEqualTo(200);
        assertThat(unread(TWO, "gerda")).isBetween(1, 2);
        await().atMost(10, SECONDS).until(() -> unread(TWO, "gerda") == 1);
        assertThat(JsonPath.<List<String>>read(get(ONE, "/messages?user_id=gerda"), "$.data[*].event_id")).hasSize(1);
    }

    @Test
    void whenManySendReadAndCountAtOnceThenTheCountIsTheDatabasesInTheEnd() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<String> users = List.of("u1", "u2", "u3");
        Queue<String> sent = new ConcurrentLinkedQueue<>();
        List<TestNode> nodes = List.of(ONE, TWO, NARROW);
        inParallel(8, () -> {
            String user = users.get(random.nextInt(users.size()));
            TestNode node = nodes.get(random.nextInt(nodes.size()));
            switch (random.nextInt(4)) {
                case 0 -> read(node, "\"user_id\":\"" + user + "\",\"up_to\":\"" + sent.stream().skip(random.nextInt(sent.size() + 1)).findFirst().orElse("1") + "\"");
                case 1 -> unread(node, user);
                default -> sent.add(JsonPath.read(post(node, "/send", SEND.formatted(user, "1")).body(), "$.data.event_id"));
            }
            return user;
        }, 600);
        await().atMost(30, SECONDS).until(() -> CONSOLE.journalLength() == 0);
        for (String user : users) {
            int truth = (int) DATABASE.number("select count(*) from app_sse_message where receiver_id = ? and status < 2", user);
            assertThat(nodes).extracting(node -> unread(node, user)).containsOnly(truth);
        }
    }

    private static <T> List<T> inParallel(int threads, Callable<T> task, int times) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<T>> running = IntStream.range(0, times).mapToObj(_ -> executor.submit(task)).collect(Collectors.toList());
            List<T> results = new java.util.ArrayList<>();
            for (Future<T> each : running) {
                results.add(each.get());
            }
            return results;
        }
    }

    private static String inBatch(String user, String data) {
        return "{\"target\":{\"user_id\":\"" + user + "\"},\"event_type\":\"t\",\"data\":" + data + ",\"persist\":true}";
    }

    private static String stored(TestNode node, String user, String data) {
        HttpResponse<String> answer = post(node, "/send", SEND.formatted(user, data));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonPath.read(answer.body(), "$.data.event_id");
    }

    private static int unread(TestNode node, String user) {
        return JsonPath.read(get(node, "/messages/unread?user_id=" + user), "$.data.unread");
    }

    /** How many were marked, and how many are left. */
    private static String read(TestNode node, String fields) {
        HttpResponse<String> answer = post(node, "/messages/read", "{" + fields + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonPath.read(answer.body(), "$.data.updated") + " " + JsonPath.read(answer.body(), "$.data.unread");
    }

    private static String get(TestNode node, String path) {
        try {
            HttpResponse<String> answer = node.api().get(path);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpResponse<String> post(TestNode node, String path, String body, String... headers) {
        return node.post(path, body, headers);
    }
}
