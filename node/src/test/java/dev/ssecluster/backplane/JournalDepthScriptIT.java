package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis. */
class JournalDepthScriptIT {

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final JournalDepthScript depth = new JournalDepthScript(adopted.scripts);

    @Test
    void whenEmptyThenThereIsNoOldest() {
        assertThat(TestNode.get(depth.run())).isEqualTo(new Journal.Depth(0, Duration.ZERO, seq()));
    }

    @Test
    void whenEntriesAreThereThenTheOldestOfThemHasItsAge() {
        redis.redis().xadd(Keys.JOURNAL, new XAddArgs().id("1000000-0"), new byte[] {'c'}, new byte[0]);
        adopted.publish(Target.BROADCAST, Target.BROADCAST);
        Journal.Depth found = TestNode.get(depth.run());
        assertThat(found.entries()).isEqualTo(3);
        assertThat(found.oldest()).isGreaterThan(Duration.ofDays(20_000));
        assertThat(found.settled()).isEqualTo(999_999);
    }

    @Test
    void whenIdsAreAheadOfTheClockThenTheAgeIsZero() {
        List<Event> events = adopted.publish(Target.BROADCAST); // ids are 10 s ahead after adopting
        assertThat(TestNode.get(depth.run())).isEqualTo(new Journal.Depth(1, Duration.ZERO, events.getFirst().id() - 1));
    }

    private static long seq() {
        return Long.parseLong(new String(redis.redis().get(Keys.SEQ), UTF_8));
    }
}
