package dev.ssecluster.backplane;

import dev.ssecluster.backplane.UnreadCache.Lookup;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** On a real Redis. */
class UnreadStoreScriptIT {

    private static final byte[] MARKS = Keys.unread("u").get(0);
    private static final byte[] COUNT = Keys.unread("u").get(1);
    private static final byte[] LEASE = Keys.unread("u").get(2);

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final UnreadLookScript look = new UnreadLookScript(adopted.scripts);
    private final UnreadStoreScript store = new UnreadStoreScript(adopted.scripts, Duration.ofHours(24));

    @BeforeEach
    void marksAreComplete() {
        redis.redis().del(Keys.UNMARKED);
    }

    @Test
    void whenNothingChangedThenItIsKeptForADay() {
        assertThat(store(lease(), 3, 0)).isTrue();
        assertThat(look()).isEqualTo(new Lookup.Cached(3, 0));
        assertThat(redis.redis().pttl(COUNT)).isBetween(86_000_000L, 86_400_000L);
        assertThat(redis.redis().exists(LEASE)).isZero();
    }

    @Test
    void whenAMessageExpiresThenTheCountEndsWithIt() {
        long soon = now() + 200_000;
        assertThat(store(lease(), 3, soon)).isTrue();
        assertThat(look()).isEqualTo(new Lookup.Cached(3, soon));
        await().until(() -> look() instanceof Lookup.Missing);
        assertThat(now()).isGreaterThanOrEqualTo(soon - 1_000);
        assertThat(store(lease(), 3, now() - 1)).isFalse();
        assertThat(redis.redis().exists(COUNT)).isZero();
    }

    @Test
    void whenTheLeaseWasRevokedThenNothingIsKept() {
        String lease = lease();
        redis.redis().del(LEASE);
        assertThat(store(lease, 3, 0)).isFalse();
        lease();
        assertThat(store(lease, 3, 0)).isFalse();
        assertThat(redis.redis().exists(COUNT)).isZero();
    }

    @Test
    void whenAMarkStandsThenNothingIsKept() {
        String lease = lease();
        redis.redis().zadd(MARKS, Long.MAX_VALUE / 1024d, bytes("mark"));
        assertThat(store(lease, 3, 0)).isFalse();
        redis.redis().zadd(MARKS, 1, bytes("mark")); // it has ended
        assertThat(store(lease, 3, 0)).isTrue();
    }

    @Test
    void whenMarksMayBeMissingThenNothingIsKept() {
        String lease = lease();
        redis.redis().set(Keys.UNMARKED, new byte[0]);
        assertThat(store(lease, 3, 0)).isFalse();
    }

    @Test
    void whenAnOlderCopyBringsALeaseBackThenNothingIsKept() {
        redis.redis().set(LEASE, bytes("0123abc:text"));
        assertThat(store("0123abc:text", 3, 0)).isFalse();
        assertThat(redis.redis().exists(COUNT)).isZero();
    }

    private boolean store(String lease, long count, long nextExpiry) {
        return TestNode.get(store.run("u", lease, count, nextExpiry));
    }

    private String lease() {
        return ((Lookup.Missing) look()).lease();
    }

    private Lookup look() {
        return TestNode.get(look.run(List.of("u"))).getFirst();
    }

    private static long now() {
        List<byte[]> time = redis.redis().time();
        return 1_000_000 * Long.parseLong(new String(time.get(0), UTF_8)) + Long.parseLong(new String(time.get(1), UTF_8));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
