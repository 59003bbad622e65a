package dev.ssecluster.backplane;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis. */
class UnreadChangeScriptIT {

    private static final List<byte[]> KEYS = Keys.unread("u");

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final UnreadChangeScript change = new UnreadChangeScript(adopted.scripts);

    @Test
    void whenSomethingIsAboutToChangeThenTheCountGoesAndAMarkStandsForAMinute() {
        redis.redis().set(KEYS.get(1), new byte[] {1});
        redis.redis().set(KEYS.get(2), new byte[] {1});
        TestNode.get(change.run("u", "one"));
        TestNode.get(change.run("u", "two"));
        assertThat(redis.redis().exists(KEYS.get(1), KEYS.get(2))).isZero();
        long now = Long.parseLong(new String(redis.redis().time().getFirst(), UTF_8));
        assertThat(redis.redis().zrangeWithScores(KEYS.getFirst(), 0, -1))
                .hasSize(2)
                .allSatisfy(mark -> assertThat(mark.getScore() / 1e6).isBetween(now + 55.0, now + 61.0));
    }

    @Test
    void whenAMarkStandsLongerThenItIsNotShortened() {
        redis.redis().zadd(KEYS.getFirst(), 9e15, "send".getBytes(UTF_8));
        TestNode.get(change.run("u", "one"));
        assertThat(redis.redis().zscore(KEYS.getFirst(), "send".getBytes(UTF_8))).isEqualTo(9e15);
        assertThat(redis.redis().pttl(KEYS.getFirst())).isGreaterThan(86_400_000);
    }
}
