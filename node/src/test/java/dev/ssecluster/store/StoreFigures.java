package dev.ssecluster.store;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.Target;
import dev.ssecluster.test.Database;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static dev.ssecluster.store.TestStore.T0;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How fast a large table answers. No test of the build: {@code loadtest/store.sh} runs it. 60 % of the rows are for 50 000
 * users, 20 % for 20 000 client ids, 19 % for 1 000 groups, 1 % for everyone.
 */
class StoreFigures {

    private static final int CALLS = 1_000;
    private static final int USERS = 50_000;
    private static final long GOAL = MILLISECONDS.toNanos(10);
    private static final List<String> INDEXES = List.of("idx_event_type (event_type)", "idx_receiver_created (receiver_id, created_at)",
            "idx_group_created (group_name, created_at)", "idx_expire_at (expire_at)", "idx_receiver_id (receiver_type, receiver_id, id)",
            "idx_receiver_status (receiver_type, receiver_id, status, id, expire_at)", "idx_group_id (receiver_type, group_name, id)",
            "idx_type_id (receiver_type, id)");

    private final long rows = Long.getLong("sse.test.rows", 5_000_000);
    private final Database database = TestServices.emptyDatabase();
    private final JdbcTemplate patient =
            new JdbcTemplate(new DriverManagerDataSource(database.jdbcUrl(), database.username(), database.password()));
    private final Random random = new Random(1);

    @Test
    void whenTheTableIsLargeThenUsersAreAnsweredFast() {
        try (TestStore store = TestStore.on(database)) {
            long begin = System.nanoTime();
            fill();
            System.out.printf("%,d rows, filled in %s%n", rows, Duration.ofNanos(System.nanoTime() - begin));
            long end = T0 + rows;
            MessageStore messages = store.messages;
            measure("pending, without a cursor", user -> messages.pending(user, null, T0, 100));
            measure("pending, with a cursor", user -> messages.pending(user, Cursor.at(end - rows / 10), T0, 100));
            measure("inbox", user -> messages.inbox(user, null, null, T0, 100));
            measure("inbox, of one status", user -> messages.inbox(user, 2, null, T0, 100));
            measure("unread", user -> messages.unread(user, T0));
            measure("replay of a user", user -> messages.read(List.of(new EventRange(Target.user(user), end - rows / 10, 1_000))));
            measure("replay of a user, a client id, a group and broadcasts", user -> messages.read(List.of(
                    new EventRange(Target.user(user), end - rows / 10, 1_000), new EventRange(Target.client("c7"), end - rows / 10, 1_000),
                    new EventRange(Target.group("g7"), end - rows / 10, 1_000), new EventRange(Target.BROADCAST, end - 20_000, 1_000))));
            measure("where a stream starts", user -> store.positions.starts(List.of(Target.user(user)), T0));
            measure("200 events by id", _ -> messages.read(end - random.nextLong(rows), end, 200));
            measure("highest id", _ -> messages.highestId());
            patient.execute("DROP DATABASE " + patient.queryForObject("SELECT DATABASE()", String.class));
        }
    }

    private void measure(String what, Consumer<String> call) {
        long[] times = new long[CALLS];
        for (int i = 0; i < CALLS; i++) {
            String user = "u" + random.nextInt(USERS);
            long begin = System.nanoTime();
            call.accept(user);
            times[i] = System.nanoTime() - begin;
        }
        Arrays.sort(times);
        System.out.printf("%-55s median %.2f ms, p99 %.2f ms%n", what, times[CALLS / 2] / 1e6, times[CALLS * 99 / 100] / 1e6);
        assertThat(times[CALLS / 2]).as(what).isLessThan(GOAL);
    }

    /** Indexes are built when the rows are there, which is faster. */
    private void fill() {
        INDEXES.forEach(index -> patient.execute("DROP INDEX " + index.substring(0, index.indexOf(' ')) + " ON app_sse_message"));
        patient.execute("CREATE TABLE digits AS SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4"
                + " UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9");
        for (long first = 0; first < rows; first += 100_000) {
            patient.update("INSERT INTO app_sse_message SELECT " + T0 + " + n, " + T0 + " + n, 'order',"
                    + " CASE WHEN n % 100 < 60 THEN CONCAT('u', CRC32(n) % 50000) WHEN n % 100 < 80 THEN CONCAT('c', CRC32(n) % 20000) END,"
                    + " CASE WHEN n % 100 < 60 THEN 'user' WHEN n % 100 < 80 THEN 'client' WHEN n % 100 < 99 THEN 'group'"
                    + " ELSE 'broadcast' END,"
                    + " CASE WHEN n % 100 >= 80 AND n % 100 < 99 THEN CONCAT('g', CRC32(n) % 1000) END,"
                    + " n % 3, CONCAT('{\"n\":', n, ',\"title\":\"Order shipped\",\"pad\":\"', REPEAT('x', 60), '\"}'),"
                    + " IF(n % 100 < 80, n % 7 % 3, 1), FROM_UNIXTIME((" + T0 + " + n) / 1000000 + 604800), FROM_UNIXTIME((" + T0
                    + " + n) / 1000000), NOW() FROM (SELECT " + first + " + a.d + b.d * 10 + c.d * 100 + d.d * 1000 + e.d * 10000 AS n"
                    + " FROM digits a, digits b, digits c, digits d, digits e) numbers WHERE n < " + rows);
        }
        INDEXES.forEach(index -> patient.execute("CREATE INDEX " + index.replace(" (", " ON app_sse_message (")));
        patient.execute("ANALYZE TABLE app_sse_message");
    }
}
