package dev.ssecluster.test;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Child processes and containers behave alike. */
class TestServicesIT {

    private final RedisClient client = RedisClient.create();

    @AfterEach
    void closeClient() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }

    @Test
    void whenAskedTwiceThenTheSharedServersAreTheSame() {
        assertThat(TestServices.redis()).isSameAs(TestServices.redis());
        assertThat(TestServices.database()).isSameAs(TestServices.database());
        assertThat(ask(TestServices.redis())).isEqualTo("PONG");
    }

    @Test
    void whenTextIsStoredInTheDatabaseThenItKeepsEveryCharacter() throws SQLException {
        Database database = TestServices.database();
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("create temporary table t (v varchar(9))");
            statement.executeUpdate("insert into t values ('公告😀')");
            try (ResultSet result = statement.executeQuery("select v from t")) {
                result.next();
                assertThat(result.getString(1)).isEqualTo("公告😀");
            }
        }
    }

    @Test
    void whenPausedThenSilentUntilResumed() {
        try (RedisServer redis = TestServices.newRedis();
                StatefulRedisConnection<String, String> connection = connect(redis)) {
            connection.setTimeout(Duration.ofMillis(300));
            redis.pause();
            assertThatExceptionOfType(RedisCommandTimeoutException.class).isThrownBy(() -> connection.sync().ping());
            redis.resume();
            connection.setTimeout(Duration.ofSeconds(5));
            assertThat(connection.sync().ping()).isEqualTo("PONG");
        }
    }

    @Test
    void whenKilledWhilePausedThenRefusesAndARestartIsEmptyOnTheSamePort() {
        try (RedisServer redis = TestServices.newRedis()) {
            set(redis);
            redis.pause();
            redis.kill();
            assertThatExceptionOfType(RedisConnectionException.class).isThrownBy(() -> ask(redis));
            redis.restart();
            assertThat(isSet(redis)).isFalse();
        }
    }

    @Test
    void whenPersistentThenDataSurviveARestartButNotAnEmptyOne() {
        try (RedisServer redis = TestServices.newPersistentRedis()) {
            set(redis);
            redis.restart();
            assertThat(isSet(redis)).isTrue();
            redis.restartEmpty();
            assertThat(isSet(redis)).isFalse();
        }
    }

    @Test
    void whenADatabaseIsKilledThenItRefusesAndHasEverythingCommittedAfterwards() {
        try (DatabaseServer server = TestServices.newDatabase()) {
            Database database = server.database();
            database.execute("create table t (v int)");
            database.execute("insert into t values (7)");
            server.pause();
            server.kill();
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> database.number("select v from t"));
            server.restart();
            server.pause();
            server.resume();
            assertThat(database.number("select v from t")).isEqualTo(7);
            assertThat(database.status("Com_select")).isPositive();
        }
    }

    private StatefulRedisConnection<String, String> connect(RedisServer redis) {
        return client.connect(RedisURI.create(redis.uri()));
    }

    private String ask(RedisServer redis) {
        try (StatefulRedisConnection<String, String> connection = connect(redis)) {
            return connection.sync().ping();
        }
    }

    private void set(RedisServer redis) {
        try (StatefulRedisConnection<String, String> connection = connect(redis)) {
            connection.sync().set("key", "value");
        }
    }

    private boolean isSet(RedisServer redis) {
        try (StatefulRedisConnection<String, String> connection = connect(redis)) {
            return connection.sync().exists("key") == 1;
        }
    }
}
