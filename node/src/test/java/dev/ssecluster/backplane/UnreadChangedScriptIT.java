package dev.ssecluster.backplane;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis. */
class UnreadChangedScriptIT {

    private static final List<byte[]> KEYS = Keys.unread("u");

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final UnreadChangedScript changed = new UnreadChangedScript(adopted.scripts);

    @Test
    void whenItHasChangedThenItsMarkGoesAndThatOfOthersStays() {
        redis.redis().zadd(KEYS.getFirst(), 9e15, "one".getBytes(UTF_8));
        redis.redis().zadd(KEYS.getFirst(), 9e15, "two".getBytes(UTF_8));
        TestNode.get(changed.run("u", "one"));
        assertThat(redis.redis().zrange(KEYS.getFirst(), 0, -1)).containsExactly("two".getBytes(UTF_8));
    }

    @Test
    void whenACountOrALeaseIsThereThenItGoes() {
        redis.redis().set(KEYS.get(1), new byte[] {1});
        redis.redis().set(KEYS.get(2), new byte[] {1});
        TestNode.get(changed.run("u", "one"));
        assertThat(redis.redis().exists(KEYS.get(1), KEYS.get(2))).isZero();
    }
}
