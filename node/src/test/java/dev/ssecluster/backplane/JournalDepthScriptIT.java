package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
        assertThat(TestNode.get(depth.run())).isEqualTo(new Journal.Depth(0, Duration.ZERO));
    }

    @Test
    void whenEntriesAreThereThenTheOldestOfThemHasItsAge() {
        redis.redis().xadd(Keys.JOURNAL, new XAddArgs().id("1000000-0"), new byte[] {'c'}, new byte[0]);
        adopted.publish(Target.BROADCAST, Target.BROADCAST);
        Journal.Depth found = TestNode.get(depth.run());
        assertThat(found.entries()).isEqualTo(3);
        assertThat(found.oldest()).isGreaterThan(Duration.ofDays(20_000));
    }

    @Test
    void whenIdsAreAheadOfTheClockThenTheAgeIsZero() {
        adopted.publish(Target.BROADCAST); // ids are 10 s ahead after adopting
        assertThat(TestNode.get(depth.run())).isEqualTo(new Journal.Depth(1, Duration.ZERO));
    }
}
