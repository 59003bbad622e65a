package dev.ssecluster.backplane;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis. */
class AdoptScriptIT {

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final AdoptScript adopt = new AdoptScript(new HighestStored(() -> 0));

    @BeforeEach
    void empty() {
        redis.redis().flushall();
        redis.redis().scriptFlush();
    }

    @Test
    void whenRedisIsNewThenAdoptingStoresItsRunIdAndBeginsIdsAfterTheMargin() {
        AdoptScript.Adopted adopted = adopt(0);
        assertThat(redis.redis().info("server")).contains("run_id:" + adopted.epoch());
        assertThat(adopted.seq()).isEqualTo(adopted.now() + 10_000_000);
        assertThat(text(Keys.EPOCH)).isEqualTo(adopted.epoch());
        assertThat(text(Keys.SEQ)).isEqualTo(text(Keys.BORN)).isEqualTo(Long.toString(adopted.seq()));
    }

    @Test
    void whenAdoptedAlreadyThenAdoptingAgainChangesNothing() {
        AdoptScript.Adopted first = adopt(0);
        assertThat(adopt(first.seq()).seq()).isEqualTo(first.seq());
        assertThat(text(Keys.BORN)).isEqualTo(Long.toString(first.seq()));
    }

    @Test
    void whenANodeHasSeenAHigherIdThenIdsGoOnBeyondItAndHistoryIsBornAnew() {
        long seen = adopt(0).seq() + 60_000_000;
        assertThat(adopt(seen).seq()).isEqualTo(seen + 10_000_000);
        assertThat(text(Keys.BORN)).isEqualTo(Long.toString(seen + 10_000_000));
    }

    @Test
    void whenDataOfAnotherRunIsLoadedThenItIsAdoptedAnew() {
        long first = adopt(0).seq();
        redis.redis().set(Keys.EPOCH, "0123".getBytes(UTF_8));
        AdoptScript.Adopted second = adopt(0);
        assertThat(second.seq()).isEqualTo(first + 10_000_000);
        assertThat(text(Keys.EPOCH)).isEqualTo(second.epoch());
    }

    @Test
    void whenRedisIsAReplicaThenItIsNotAdopted() {
        adopt(0);
        redis.redis().replicaof("127.0.0.1", 1);
        try {
            assertThat(adopt.run(redis.connection().async(), 0).toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .withMessageContaining("READONLY");
        } finally {
            redis.redis().replicaofNoOne();
        }
    }

    @Test
    void whenTheDatabaseHasAHigherIdThenIdsGoOnBeyondIt() {
        long stored = adopt(0).seq() + 3_600_000_000L;
        redis.redis().flushall();
        var asking = new AdoptScript(new HighestStored(() -> stored));
        assertThat(get(asking.run(redis.connection().async(), 0)).seq()).isEqualTo(stored + 10_000_000);
        assertThat(text(Keys.BORN)).isEqualTo(Long.toString(stored + 10_000_000));
    }

    @Test
    void whenNoIdCanBeLostThenTheDatabaseIsNotAsked() {
        AdoptScript.Adopted first = adopt(0);
        AtomicInteger asked = new AtomicInteger();
        var asking = new AdoptScript(new HighestStored(asked::incrementAndGet));
        assertThat(get(asking.run(redis.connection().async(), first.seq())).seq()).isEqualTo(first.seq());
        assertThat(asked).hasValue(0);
    }

    @Test
    void whenAdoptedAnewThenUnreadCountsAreNotKeptForAMinuteAndOtherwiseTheyAre() {
        adopt(0);
        assertThat(redis.redis().pttl(Keys.UNMARKED)).isBetween(50_000L, 60_000L);
        redis.redis().del(Keys.UNMARKED);
        adopt(0);
        assertThat(redis.redis().exists(Keys.UNMARKED)).isZero();
    }

    private AdoptScript.Adopted adopt(long seen) {
        return get(adopt.run(redis.connection().async(), seen));
    }

    private static String text(byte[] key) {
        return new String(redis.redis().get(key), UTF_8);
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
    }
}
