package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import io.lettuce.core.XAddArgs;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis. */
class JournalDepthScriptIT {

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final AdoptedRedis adopted = new AdoptedRedis(redis.details());
    private final JournalDepthScript depth = new JournalDepthScript(adopted.scripts);

    @BeforeEach
    void empty() {
        redis.redis().flushall();
        adopted.readopt();
    }

    @AfterEach
    void close() {
        adopted.close();
    }

    @Test
    void whenEmptyThenThereIsNoOldest() {
        assertThat(TestNode.get(depth.run())).returns(new Journal.Depth(0, Duration.ZERO), JournalDepthScript.Measured::depth);
    }

    @Test
    void whenEntriesAreThereThenTheOldestOfThemHasItsAge() {
        redis.redis().xadd(Keys.JOURNAL, new XAddArgs().id("1000000-0"), new byte[] {'c'}, new byte[0]);
        adopted.publish(Target.BROADCAST, Target.BROADCAST);
        Journal.Depth found = TestNode.get(depth.run()).depth();
        assertThat(found.entries()).isEqualTo(3);
        assertThat(found.oldest()).isGreaterThan(Duration.ofDays(20_000));
    }

    @Test
    void whenIdsAreAheadOfTheClockThenTheAgeIsZero() {
        long id = adopted.publish(Target.BROADCAST).getFirst().id(); // ids are 10 s ahead after adopting
        assertThat(TestNode.get(depth.run())).isEqualTo(new JournalDepthScript.Measured(id, new Journal.Depth(1, Duration.ZERO)));
    }
}
