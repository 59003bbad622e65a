package dev.ssecluster.store;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import dev.ssecluster.store.PositionStore.Served;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static dev.ssecluster.store.TestStore.T0;
import static dev.ssecluster.store.TestStore.event;
import static dev.ssecluster.store.TestStore.events;
import static org.assertj.core.api.Assertions.assertThat;

/** How the database goes about the statements of the store, on a table with 40 000 rows: never through all of it. */
class QueryPlanIT {

    private static final int ROWS = 40_000;
    private static final TestStore STORE = TestStore.create();
    private static final String EXPLAIN =
            STORE.number("SELECT VERSION() LIKE '%MariaDB%'") == 1 ? "EXPLAIN " : "EXPLAIN FORMAT=TRADITIONAL ";
    private static final Target USER = Target.user("u7");
    private static final long MIDDLE = T0 + ROWS / 2;

    private final RecordingSource source = new RecordingSource(STORE.source());
    private final Database database = new Database(source);
    private final MessageStore messages = new JdbcMessageStore(database);
    private final PositionStore positions = new JdbcPositionStore(database, STORE.clock());

    @BeforeAll
    static void fill() {
        Random random = new Random(1);
        for (int i = 0; i < ROWS; i += 1_000) {
            STORE.storeAll(IntStream.range(i, i + 1_000).mapToObj(n -> row(random, n)).toList());
        }
        IntStream.range(0, 300).forEach(i -> STORE.insertForeign(1 + i, "evt_" + i, "user", "u" + i, null, "1"));
        STORE.jdbc.update("UPDATE app_sse_message SET status = id % 3 WHERE receiver_type = 'user'");
        STORE.positions.raise(IntStream.range(100, 300).mapToObj(i -> served(Target.user("u" + i), T0, T0 + 9)).toList());
        for (int i = 0; i < 20; i++) {
            STORE.jdbc.update("INSERT INTO app_sse_subscription (user_id, group_name, created_at, updated_at)"
                    + " SELECT DISTINCT receiver_id, ?, NOW(), NOW() FROM app_sse_message WHERE receiver_type = 'user'", "g" + i);
        }
        STORE.jdbc.queryForList("ANALYZE TABLE app_sse_message, app_sse_position, app_sse_subscription");
    }

    private static Event row(Random random, int number) {
        Target target = switch (random.nextInt(10)) {
            case 0 -> Target.BROADCAST;
            case 1, 2 -> Target.group("g" + random.nextInt(20));
            case 3, 4 -> Target.client("c" + random.nextInt(300));
            default -> Target.user("u" + random.nextInt(300));
        };
        return event(T0 + number, target, Priority.ofLevel(random.nextInt(3)), T0 + number + 1_000_000);
    }

    @AfterAll
    static void close() {
        STORE.close();
    }

    @Test
    void whenAReplayReadsThenByTheIndexOfItsTargetInTheOrderOfIds() {
        messages.read(List.of(new EventRange(USER, MIDDLE, 100)));
        usesOnly("idx_receiver_id");
        messages.read(List.of(new EventRange(Target.client("c7"), MIDDLE, 100)));
        usesOnly("idx_receiver_id");
        messages.read(List.of(new EventRange(Target.group("g7"), 0, 100)));
        usesOnly("idx_group_id");
        messages.read(List.of(new EventRange(Target.BROADCAST, 0, 100)));
        usesOnly("idx_type_id");
        messages.read(MIDDLE, MIDDLE + 10_000, 100);
        usesOnly("PRIMARY");
        messages.read(IntStream.range(0, 200).mapToObj(i -> new EventRange(Target.user("u" + i), 0, 10)).toList());
        usesOnly("idx_receiver_id");
    }

    @Test
    void whenSingleIdsAreLookedUpThenByAKey() {
        messages.highestId();
        usesOnly("PRIMARY");
        messages.idOf("evt_7");
        usesOnly("idx_event_id");
        messages.existing(IntStream.range(0, 1_000).mapToObj(i -> "evt_" + i).toList());
        usesOnly("idx_event_id");
    }

    @Test
    void whenAUserListsMessagesThenByTheUsersIndex() {
        messages.pending("u7", Cursor.at(MIDDLE), T0, 100);
        usesOnly("idx_receiver_id");
        messages.pending("u107", null, T0, 100);
        usesOnly("idx_receiver_status", "PRIMARY"); // the position
        messages.inbox("u7", null, MIDDLE, T0, 100);
        usesOnly("idx_receiver_id");
        messages.inbox("u7", null, null, T0, 100);
        usesOnly("idx_receiver_id");
        messages.inbox("u7", 0, null, T0, 100);
        usesOnly("idx_receiver_status");
    }

    @Test
    void whenUnreadMessagesAreCountedThenByAnIndexAlone() {
        messages.unread("u7", T0);
        assertThat(plan(source.statements.getFirst())).singleElement().matches(step -> step.extra.contains("Using index"));
        usesOnly("idx_receiver_status");
    }

    @Test
    void whenMessagesAreReadThenByAnIndex() {
        messages.markRead("u7", IntStream.range(0, 1_000).mapToObj(i -> Long.toString(T0 + i)).toList());
        usesOnly("idx_event_id");
        messages.markReadUpTo("u7", Cursor.at(T0 + 1_000));
        usesOnly("idx_receiver_status");
    }

    @Test
    void whenAnEventExistsThenItIsFoundByItsKeys() {
        List<Event> existing = events(T0, 300, Target.client("other"));
        assertThat(messages.store(existing)).containsOnly(StoreOutcome.CONFLICT);
        source.statements.removeIf(statement -> statement.startsWith("INSERT"));
        usesOnly("PRIMARY", "idx_event_id");
    }

    @Test
    void whenPositionsAreReadAndRaisedThenByKeys() {
        List<Target> owners = IntStream.range(0, 150).mapToObj(i -> Target.user("u" + (50 + i))).toList();
        positions.starts(owners, T0);
        usesOnly("PRIMARY", "idx_receiver_status");
        positions.raise(owners.stream().map(owner -> served(owner, T0, T0 + 1_000)).toList());
        source.statements.removeIf(statement -> statement.startsWith("INSERT"));
        usesOnly("PRIMARY", "idx_receiver_status");
    }

    @Test
    void whenSubscriptionsAreReadOrChangedThenByTheirKey() {
        SubscriptionStore subscriptions = new JdbcSubscriptionStore(database);
        subscriptions.of(List.of("u7"));
        subscriptions.of(IntStream.range(0, 1_000).mapToObj(i -> "u" + i).toList());
        usesOnly("idx_user_group");
        subscriptions.unsubscribe("u7", "g7");
        usesOnly("idx_user_group");
    }

    @Test
    void whenTheRetentionWalksThenThroughAnIndex() {
        StoreMeters meters = new StoreMeters(STORE.meters());
        Sweep.expired(database, meters.expired, LocalDateTime.of(2026, 11, 30, 0, 53, 21)).step();
        usesOnly("idx_expire_at", "PRIMARY");
        Sweep.own(database, meters.old, T0 + 100).step();
        usesOnly("PRIMARY");
        Sweep.foreign(database, meters.old, LocalDateTime.of(2026, 1, 1, 0, 0)).step();
        usesOnly("idx_expire_at");
    }

    private static Served served(Target owner, long from, long to) {
        return new Served(owner, Cursor.at(from), Cursor.at(to), Long.MAX_VALUE);
    }

    /** All statements since the last call. */
    private void usesOnly(String... indexes) {
        assertThat(source.statements).isNotEmpty();
        for (String statement : source.statements) {
            List<Step> steps = plan(statement);
            assertThat(steps).as(statement).isNotEmpty();
            for (Step step : steps) {
                assertThat(step.key).as("%s %s", statement, step).isIn((Object[]) indexes);
                assertThat(step.type).as("%s %s", statement, step).isNotIn("ALL", "index");
                assertThat(step.extra).as("%s %s", statement, step).doesNotContain("filesort");
            }
        }
        source.statements.clear();
    }

    /** One line of an answer to EXPLAIN, which MySQL and MariaDB write alike when MySQL is asked for its old format. */
    private record Step(String table, String type, String key, String extra) {

        /** Not a result that other steps make, nor a row of constants. */
        boolean isOfTable() {
            return !table.startsWith("<") && !table.equals("null");
        }
    }

    private static List<Step> plan(String statement) {
        return STORE.jdbc.query(EXPLAIN + statement, (row, _) -> new Step(text(row, "table"), text(row, "type"), text(row, "key"),
                text(row, "Extra"))).stream().filter(Step::isOfTable).toList();
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return String.valueOf(row.getString(column));
    }
}
