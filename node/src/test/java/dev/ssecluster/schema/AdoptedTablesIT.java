package dev.ssecluster.schema;

import dev.ssecluster.test.Database;
import dev.ssecluster.test.TestServices;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The tables of a predecessor become those of a new installation, with what is in them. */
class AdoptedTablesIT {

    private static final List<String> PREDECESSORS = List.of("""
            CREATE TABLE app_sse_message (
              id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, event_id VARCHAR(64) NOT NULL, event_type VARCHAR(64) NOT NULL,
              receiver_id VARCHAR(64) NOT NULL DEFAULT '', receiver_type VARCHAR(20) NOT NULL, group_name VARCHAR(64),
              priority TINYINT DEFAULT 0, data TEXT, status TINYINT DEFAULT 0, expire_at DATETIME,
              created_at DATETIME DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME DEFAULT CURRENT_TIMESTAMP,
              UNIQUE KEY idx_event_id (event_id), KEY idx_event_type (event_type),
              KEY idx_receiver_created (receiver_id, created_at), KEY idx_group_created (group_name, created_at),
              KEY idx_expire_at (expire_at)) DEFAULT CHARACTER SET latin1""", """
            CREATE TABLE app_sse_subscription (
              id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id VARCHAR(64) NOT NULL, group_name VARCHAR(64) NOT NULL,
              event_types VARCHAR(255), status TINYINT DEFAULT 1,
              created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
              UNIQUE KEY idx_user_group (user_id, group_name), KEY idx_group_status (group_name, status))
              DEFAULT CHARACTER SET latin1""", """
            INSERT INTO app_sse_message (id, event_id, event_type, receiver_id, receiver_type, data, status, created_at, updated_at)
            VALUES (1, 'evt_1', 'notice', 'Zoë', 'user', '{"a":"é"}', 1, '2020-02-03 04:05:06', '2020-02-03 04:05:07'),
              (2, 'evt_2', 'notice', 'ann', 'user', NULL, 0, NULL, NULL)""", """
            INSERT INTO app_sse_subscription (user_id, group_name) VALUES ('Zoë', 'team')""");

    private final Database database = TestServices.emptyDatabase();
    private final DriverManagerDataSource source =
            new DriverManagerDataSource(database.jdbcUrl(), database.username(), database.password());
    private final JdbcTemplate jdbc = new JdbcTemplate(source);

    @AfterEach
    void drop() {
        jdbc.execute("DROP DATABASE " + jdbc.queryForObject("SELECT DATABASE()", String.class));
    }

    @Test
    void whenTablesOfAPredecessorExistThenTheyAreAdoptedWithTheirRows() throws Exception {
        PREDECESSORS.forEach(jdbc::execute);
        migrate();
        assertThat(jdbc.queryForMap("SELECT event_id, receiver_id, data, status, created_at, updated_at FROM app_sse_message WHERE id = 1"))
                .isEqualTo(Map.of("event_id", "evt_1", "receiver_id", "Zoë", "data", "{\"a\":\"é\"}", "status", 1,
                        "created_at", LocalDateTime.of(2020, 2, 3, 4, 5, 6), "updated_at", LocalDateTime.of(2020, 2, 3, 4, 5, 7)));
        assertThat(count("app_sse_message WHERE event_id = 'evt_2' AND data IS NULL AND created_at > '2020-01-01'")).isEqualTo(1);
        assertThat(count("app_sse_subscription WHERE user_id = 'Zoë'")).isEqualTo(1);
        assertThat(count("app_sse_subscription WHERE user_id = 'zoe'")).isZero();
    }

    @Test
    void whenTablesAreAdoptedThenTheyTakeWhatNewOnesTake() throws Exception {
        PREDECESSORS.forEach(jdbc::execute);
        migrate();
        migrate(); // changes nothing
        jdbc.update("INSERT INTO app_sse_message (id, event_id, event_type, receiver_type, data, created_at, updated_at)"
                + " VALUES (9, 'EVT_1', 'notice', 'broadcast', '\"😀\"', '2026-01-02 03:04:05.678901', NOW())");
        assertThat(jdbc.queryForObject("SELECT data FROM app_sse_message WHERE event_id = 'EVT_1' AND created_at < '2026-01-02 03:04:05.678902'"
                + " AND created_at > '2026-01-02 03:04:05.678900'", String.class)).isEqualTo("\"😀\"");
        assertThat(count("app_sse_message")).isEqualTo(3);
    }

    @Test
    void whenTablesAreAdoptedThenTheirColumnsAndIndexesAreThoseOfNewOnes() throws Exception {
        migrate();
        List<Map<String, @Nullable Object>> columns = columns();
        List<Map<String, @Nullable Object>> indexes = indexes();
        jdbc.execute("DROP TABLE app_sse_message, app_sse_subscription, app_sse_position, shedlock, DATABASECHANGELOG, DATABASECHANGELOGLOCK");
        PREDECESSORS.forEach(jdbc::execute);
        migrate();
        assertThat(columns()).isEqualTo(columns);
        assertThat(indexes()).isEqualTo(indexes);
        assertThat(columns).filteredOn(column -> column.get("c") != null).hasSizeGreaterThan(10)
                .allMatch(column -> Objects.equals(column.get("c"), "utf8mb4_bin"));
    }

    /** Of the two tables; the type of the data may be larger. */
    private List<Map<String, @Nullable Object>> columns() {
        return jdbc.queryForList("SELECT table_name AS t, column_name AS n, IF(column_name = 'data', '', column_type) AS y,"
                + " collation_name AS c FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name LIKE 'app_sse_%'"
                + " ORDER BY table_name, column_name");
    }

    private List<Map<String, @Nullable Object>> indexes() {
        return jdbc.queryForList("SELECT table_name AS t, index_name AS i, seq_in_index AS s, column_name AS c, non_unique AS u"
                + " FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name LIKE 'app_sse_%'"
                + " ORDER BY table_name, index_name, seq_in_index");
    }

    private long count(String of) {
        return Objects.requireNonNull(jdbc.queryForObject("SELECT COUNT(*) FROM " + of, Long.class));
    }

    private void migrate() throws LiquibaseException {
        SpringLiquibase liquibase = new SpringLiquibase();
        liquibase.setDataSource(new UnhurriedDataSource(source));
        liquibase.setResourceLoader(new DefaultResourceLoader());
        liquibase.setChangeLog("classpath:/db/changelog/db.changelog-master.yaml");
        liquibase.afterPropertiesSet();
    }
}
