package dev.ssecluster.local;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LocalRedisIT {

    private static final Duration SHORT = Duration.ofMillis(200);

    @Test
    void whenStartedThenAnswers() throws IOException {
        try (LocalRedis redis = LocalRedis.start()) {
            assertThat(redis.uri()).isEqualTo("redis://127.0.0.1:" + redis.port());
            assertThat(RedisProbe.ask(redis.port(), "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void whenPausedThenSilentUntilResumed() throws IOException {
        try (LocalRedis redis = LocalRedis.start()) {
            redis.pause();
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> RedisProbe.ask(redis.port(), "PING", SHORT));
            redis.resume();
            assertThat(RedisProbe.ask(redis.port(), "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void whenKilledThenNothingListensAndARestartIsEmpty() throws IOException {
        try (LocalRedis redis = LocalRedis.start()) {
            RedisProbe.ask(redis.port(), "SET k v");
            redis.kill();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> RedisProbe.ask(redis.port(), "PING"));
            redis.restart();
            assertThat(RedisProbe.ask(redis.port(), "EXISTS k")).isEqualTo(":0");
        }
    }

    @Test
    void whenPersistentThenDataSurviveARestartButNotAnEmptyOne() throws IOException {
        try (LocalRedis redis = LocalRedis.startPersistent()) {
            RedisProbe.ask(redis.port(), "SET k v");
            redis.restart();
            assertThat(RedisProbe.ask(redis.port(), "EXISTS k")).isEqualTo(":1");
            redis.restartEmpty();
            assertThat(RedisProbe.ask(redis.port(), "EXISTS k")).isEqualTo(":0");
        }
    }

    @Test
    void whenClosedThenNeitherProcessNorDirectoryRemains() {
        LocalRedis redis = LocalRedis.start();
        long pid = redis.pid();
        redis.close();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(Files.exists(redis.logFile().getParent())).isFalse();
    }

    @Test
    void whenThePortIsTakenThenSaysSoAndNamesTheOption() {
        try (LocalRedis redis = LocalRedis.start()) {
            assertThatExceptionOfType(LocalServerException.class)
                    .isThrownBy(() -> LocalRedis.start(redis.port()))
                    .withMessageContaining("--redis");
        }
    }
}
