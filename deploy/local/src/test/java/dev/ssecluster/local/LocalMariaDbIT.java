package dev.ssecluster.local;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LocalMariaDbIT {

    @Test
    void whenStartedThenKeepsAnyScriptAndSurvivesAKill() throws SQLException {
        try (LocalMariaDb database = LocalMariaDb.start()) {
            update(database, "create table t (v varchar(9))", "insert into t values ('公告😀')");
            database.kill();
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(database));
            database.restart();
            assertThat(query(database, "select v from t")).isEqualTo("公告😀");
        }
    }

    @Test
    void whenRestartedEmptyThenTheTablesAreGone() throws SQLException {
        try (LocalMariaDb database = LocalMariaDb.start()) {
            update(database, "create table t (v int)");
            database.restartEmpty();
            assertThat(query(database, "select count(*) from information_schema.tables where table_schema = 'sse'")).isEqualTo("0");
        }
    }

    @Test
    void whenClosedThenNeitherProcessNorDirectoryRemains() {
        LocalMariaDb database = LocalMariaDb.start();
        long pid = database.pid();
        database.close();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(Files.exists(database.logFile().getParent())).isFalse();
    }

    private static Connection connect(LocalMariaDb database) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
    }

    private static void update(LocalMariaDb database, String... statements) throws SQLException {
        try (Connection connection = connect(database); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
        }
    }

    private static String query(LocalMariaDb database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
