package dev.ssecluster.proof;

import dev.ssecluster.event.Target;
import dev.ssecluster.test.Database;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Message;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.ResumingClient;
import dev.ssecluster.test.Sender;
import dev.ssecluster.test.TestServices;
import java.net.URLEncoder;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Whatever a client says of where it was: it is told to reload, and goes on as if it had said nothing. */
@Tag("proof")
class BadCursorIT {

    private static final long NOW = TimeUnit.MILLISECONDS.toMicros(InstantSource.system().millis());
    private static final long HOUR = TimeUnit.HOURS.toMicros(1);
    private static final long EXPIRED = NOW - 30 * 24 * HOUR; // much older than the retention

    private static final Random random = Seed.random();

    private static RedisServer redis;
    private static Cluster cluster;

    private final Audience audience = new Audience(random, 2, 1);

    @BeforeAll
    static void start() {
        redis = TestServices.newRedis();
        cluster = Cluster.start(1, redis, TestServices.database());
    }

    @AfterAll
    static void stop() {
        cluster.close();
        redis.close();
    }

    static Stream<String> unknown() {
        long future = NOW + HOUR;
        return Stream.of("letters", "-5", "-" + NOW, "0", "00", "+" + NOW, "0" + NOW, NOW + ".0", "1e15", "0x1F", " " + NOW + " x",
                "99999999999999999999", "9".repeat(16), "9".repeat(300), "x".repeat(3_000), Long.toString(Long.MAX_VALUE),
                "evt_123", "evt_" + NOW, "null", "undefined", "NaN", "%00", "'; drop table app_sse_message; --", "公告", "😀",
                Long.toString(future), at(future, NOW, NOW, NOW), at(NOW, future, NOW, NOW), at(NOW, NOW, future, NOW),
                at(NOW, NOW, NOW, future), NOW + "~", NOW + "~" + NOW, NOW + "~1-2", NOW + "~1-2-3-4", NOW + "~1-2-", NOW + "~--",
                NOW + "~-1-2-3", NOW + "~a-b-c", NOW + "~1-2-99999999999999999999", "~1-2-3", NOW + "~0-0-0", NOW + "-0");
    }

    static Stream<String> expired() {
        return Stream.of("1", "123", Long.toString(EXPIRED), at(EXPIRED, EXPIRED, EXPIRED, EXPIRED - 1), at(NOW, 1, NOW, NOW),
                at(NOW, NOW, EXPIRED, NOW));
    }

    private static String at(long id, long normal, long high, long urgent) {
        return id + "~" + normal + "-" + high + "-" + urgent;
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void whenACursorIsNoneOfOursThenAResetSaysSoAndTheStreamStartsAsWithoutOne(String cursor) {
        assertThatItStartsAsWithoutACursor(cursor, "unknown-id");
    }

    @ParameterizedTest
    @MethodSource("expired")
    void whenACursorIsOlderThanAnythingKeptThenTheSame(String cursor) {
        assertThatItStartsAsWithoutACursor(cursor, "unknown-id", "too-old");
    }

    /** In the header as browsers resume, and in the query as a page does that kept it; each time a user of its own. */
    private void assertThatItStartsAsWithoutACursor(String cursor, String... reasons) {
        List<String> accepted = Stream.of(reasons).map(reason -> "{\"reason\":\"" + reason + "\"}").toList();
        String user = audience.user(0);
        sendTwo(user);
        if (cursor.chars().allMatch(c -> c >= ' ' && c < 127)) { // nothing else can be in a header
            check(ResumingClient.resume(cluster.anyPort(random), "/stream/" + user, cursor), accepted);
        }
        String other = audience.user(1);
        sendTwo(other);
        check(ResumingClient.open(cluster.anyPort(random),
                "/stream/" + other + "?last_event_id=" + URLEncoder.encode(cursor, UTF_8)), accepted);
    }

    private static void sendTwo(String user) {
        Ledger ledger = new Ledger();
        Sender sender = new Sender(ledger, cluster.anyPort(random));
        sender.send(Message.of(0, Target.user(user), true));
        sender.send(Message.of(1, Target.user(user), true));
        assertThat(ledger.stored()).hasSize(2);
    }

    private static void check(ResumingClient opened, List<String> resets) {
        try (ResumingClient client = opened) {
            await().until(() -> client.events().size() >= 2 || client.failure() != null);
            assertThat(client.failure()).isNull();
            assertThat(client.received()).extracting(ResumingClient.Receipt::type)
                    .containsExactly("sse.reset", "connected", "proof", "proof");
            assertThat(client.received().getFirst().event().data()).isIn(resets);
            assertThat(client.received().getFirst().event().lastEventId()).isEqualTo(client.received().get(1).event().lastEventId());
            assertThat(client.events().stream().map(event -> Message.numberIn(event.event().data()))).containsExactly(0, 1);
            assertThat(client.connections()).isEqualTo(1);
        }
    }

    /** The predecessor's ids are looked up, so one of them that exists is a good cursor. */
    @Test
    void whenACursorIsAPredecessorsThenWhatFollowedItComes() {
        Database database = TestServices.database();
        String user = audience.user(0);
        long id = random.nextLong(1_000_000, 1_000_000_000);
        for (int i = 0; i < 3; i++) {
            database.execute(("insert into app_sse_message (id, event_id, event_type, receiver_id, receiver_type, priority, data, status, "
                    + "created_at, updated_at) values (%d, 'evt_%d', 'old', '%s', 'user', 0, '%d', 0, utc_timestamp(), utc_timestamp())")
                    .formatted(id + i, id + i, user, i));
        }
        try (ResumingClient client = ResumingClient.resume(cluster.anyPort(random), "/stream/" + user, "evt_" + id)) {
            await().untilAsserted(() -> assertThat(client.data()).containsExactly("1", "2"));
        }
    }
}
