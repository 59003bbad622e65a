package dev.ssecluster.backplane;

import dev.ssecluster.backplane.JournalLeaseScript.Lease;
import dev.ssecluster.event.NodeId;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** On a real Redis. */
class JournalLeaseScriptIT {

    private static final Duration LIFE = Duration.ofSeconds(10);

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final JournalLeaseScript one = new JournalLeaseScript(adopted.scripts, NodeId.random());
    private final JournalLeaseScript other = new JournalLeaseScript(adopted.scripts, NodeId.random());

    @Test
    void whenOneHoldsItThenItRenewsAndOthersWait() {
        Lease first = TestNode.get(one.run(LIFE));
        assertThat(first.isHeld()).isTrue();
        assertThat(TestNode.get(other.run(LIFE))).isEqualTo(new Lease(first.seq(), false));
        redis.redis().pexpire(Keys.JOURNAL_LEASE, 5_000);
        assertThat(TestNode.get(one.run(LIFE)).isHeld()).isTrue();
        assertThat(redis.redis().pttl(Keys.JOURNAL_LEASE)).isGreaterThan(5_000);
    }

    @Test
    void whenItsHolderIsSilentThenTheLeaseEndsAndAnotherGetsIt() {
        TestNode.get(one.run(Duration.ofMillis(100)));
        await().until(() -> TestNode.get(other.run(LIFE)).isHeld());
        assertThat(TestNode.get(one.run(LIFE)).isHeld()).isFalse();
    }
}
