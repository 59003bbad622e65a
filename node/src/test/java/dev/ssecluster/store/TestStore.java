package dev.ssecluster.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import dev.ssecluster.test.Database;
import dev.ssecluster.test.TestServices;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

/** The store of a node, with a node's settings and its schema, on a database of its own. */
final class TestStore implements AutoCloseable {

    /** 2026-11-29T17:46:40Z, when a test's first event is sent. */
    static final long T0 = 1_796_000_000_000_000L;

    final MessageStore messages;
    final PositionStore positions;
    final SubscriptionStore subscriptions;
    final JdbcTemplate jdbc;
    private final ConfigurableApplicationContext context;
    private final boolean isOwnDatabase;

    /** Without auto-configuration but that of the database. Not a {@code @Configuration}: nodes in tests would find it, and its clock. */
    @ImportAutoConfiguration({DataSourceAutoConfiguration.class, LiquibaseAutoConfiguration.class})
    @Import(StoreConfiguration.class)
    @ComponentScan("dev.ssecluster.schema")
    static class Beans {

        @Bean
        AtomicLong time() {
            return new AtomicLong(T0);
        }

        @Bean
        EventClock clock(AtomicLong time) {
            return time::get;
        }

        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }
    }

    private TestStore(Database database, boolean isOwnDatabase, String... settings) {
        this.isOwnDatabase = isOwnDatabase;
        context = new SpringApplicationBuilder(Beans.class)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .properties(Map.of(
                        "spring.datasource.url", database.jdbcUrl(),
                        "spring.datasource.username", database.username(),
                        "spring.datasource.password", database.password(),
                        "spring.datasource.hikari.maximum-pool-size", 8))
                .run(settings);
        messages = context.getBean(MessageStore.class);
        positions = context.getBean(PositionStore.class);
        subscriptions = context.getBean(SubscriptionStore.class);
        jdbc = new JdbcTemplate(source());
    }

    /** On an empty database of the shared server; settings are {@code --name=value}. */
    static TestStore create(String... settings) {
        return new TestStore(TestServices.emptyDatabase(), true, settings);
    }

    /** As a further node's, or on a server that the test ill-treats. */
    static TestStore on(Database database, String... settings) {
        return new TestStore(database, false, settings);
    }

    TestStore another(String... settings) {
        HikariDataSource source = context.getBean(HikariDataSource.class);
        return on(new Database(source.getJdbcUrl(), source.getUsername(), source.getPassword()), settings);
    }

    DataSource source() {
        return context.getBean(DataSource.class);
    }

    Retention retention() {
        return context.getBean(Retention.class);
    }

    MeterRegistry meters() {
        return context.getBean(MeterRegistry.class);
    }

    EventClock clock() {
        return context.getBean(EventClock.class);
    }

    void setTime(long micros) {
        context.getBean(AtomicLong.class).set(micros);
    }

    /** What the database has of the one row with that id, as text. */
    String cell(long id, String column) {
        return String.valueOf(jdbc.queryForObject("SELECT CAST(" + column + " AS CHAR) FROM app_sse_message WHERE id = " + id,
                String.class));
    }

    /** The one number that a query answers. */
    long number(String query) {
        return Objects.requireNonNull(jdbc.queryForObject(query, Long.class));
    }

    int status(long id) {
        return Integer.parseInt(cell(id, "status"));
    }

    /** A row as a predecessor may have written it. */
    void insertForeign(long id, String eventId, String receiverType, @Nullable String receiver, @Nullable String group,
            @Nullable String data) {
        jdbc.update("INSERT INTO app_sse_message (id, event_id, event_type, receiver_type, receiver_id, group_name, priority, data,"
                + " status, created_at, updated_at) VALUES (?, ?, 'notice', ?, ?, ?, 0, ?, 0, '2026-11-01 08:00:00',"
                + " '2026-11-01 08:00:00')", id, eventId, receiverType, receiver, group, data);
    }

    void storeAll(List<Event> events) {
        assert messages.store(events).stream().allMatch(outcome -> outcome == StoreOutcome.STORED);
    }

    static Event event(long id, Target target) {
        return event(id, target, Priority.NORMAL, 0);
    }

    static Event event(long id, Target target, Priority priority) {
        return event(id, target, priority, 0);
    }

    static Event event(long id, Target target, Priority priority, long expiresAt) {
        return event(id, target, priority, expiresAt, "{\"n\":" + id + "}");
    }

    static Event event(long id, Target target, Priority priority, long expiresAt, String data) {
        return new Event(id, target, priority, true, expiresAt, "news", data.getBytes(StandardCharsets.UTF_8));
    }

    /** Events with ascending ids, one microsecond apart. */
    static List<Event> events(long first, int count, Target target) {
        return IntStream.range(0, count).mapToObj(i -> event(first + i, target)).toList();
    }

    static List<Long> ids(List<Event> events) {
        return events.stream().map(Event::id).toList();
    }

    @Override
    public void close() {
        if (isOwnDatabase) {
            jdbc.execute("DROP DATABASE " + jdbc.queryForObject("SELECT DATABASE()", String.class));
        }
        context.close();
    }
}
