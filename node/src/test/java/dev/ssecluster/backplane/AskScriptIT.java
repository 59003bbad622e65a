package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** On a real Redis. */
class AskScriptIT {

    private static final Target USER = Target.user("u");
    private static final long ANY_TIME = FrameLayout.MAX_ID;

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final AskScript script = new AskScript(adopted.scripts);

    @Test
    void whenAskedThenTheFrameHasTheLastIdAndAVersionOfItsOwn() {
        List<byte[]> heard = new CopyOnWriteArrayList<>();
        try (StatefulRedisPubSubConnection<byte[], byte[]> listening = redis.listen()) {
            listening.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(byte[] channel, byte[] frame) {
                    heard.add(frame);
                }
            });
            listening.sync().subscribe(Keys.channel(USER));
            redis.redis().set(Keys.SEQ, LuaScript.number(ANY_TIME));
            assertThat(TestNode.get(script.run(USER, new byte[] {7, 0, -1}, ANY_TIME))).isEqualTo(1);
            await().until(() -> !heard.isEmpty());
            assertThat(heard.getFirst()).startsWith(ControlFrame.VERSION).endsWith(7, 0, -1);
            assertThat(FrameLayout.id(heard.getFirst())).isEqualTo(ANY_TIME);
        }
    }

    @Test
    void whenNobodyHasTheChannelThenNobodyIsAsked() {
        assertThat(TestNode.get(script.run(USER, new byte[0], ANY_TIME))).isZero();
    }

    @Test
    void whenTheDeadlineHasPassedThenNobodyIsAsked() {
        assertThatThrownBy(() -> TestNode.get(script.run(USER, new byte[0], 1)))
                .hasCauseInstanceOf(BackplaneUnavailableException.class);
    }

    @Test
    void whenTheEpochIsAnotherOneThenRedisIsAdoptedFirst() {
        redis.redis().set(Keys.EPOCH, "another".getBytes(US_ASCII));
        assertThat(TestNode.get(script.run(USER, new byte[0], ANY_TIME))).isZero();
        assertThat(new String(redis.redis().get(Keys.EPOCH), US_ASCII)).isNotEqualTo("another");
    }
}
