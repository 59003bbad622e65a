package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis. */
class ProbeScriptIT {

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final AdoptScript adopt = new AdoptScript(new HighestStored(() -> 0));
    private final ProbeScript probe = new ProbeScript(new NodeId("n1"));

    @BeforeEach
    void empty() {
        redis.redis().flushall();
        redis.redis().scriptFlush();
    }

    @Test
    void whenProbedThenTheLastIdGoesToTheNodesOwnChannel() {
        AdoptScript.Adopted adopted = adopt(0);
        ProbeScript.Probed probed = get(probe.run(redis.connection().async(), adopted.epoch(), 1));
        assertThat(probed.id()).isEqualTo(adopted.seq());
        assertThat(probed.receivers()).isZero();
        assertThat(probed.now()).isGreaterThanOrEqualTo(adopted.now());
        assertThat(probed.isRefused()).isFalse();
        assertThat(get(probe.run(redis.connection().async(), "another", 2)).isRefused()).isTrue();
    }

    @Test
    void whenRedisIsAReplicaThenTheProbeIsRefused() {
        String epoch = adopt(0).epoch();
        redis.redis().replicaof("127.0.0.1", 1);
        try {
            assertThat(get(probe.run(redis.connection().async(), epoch, 1)).isRefused()).isTrue();
        } finally {
            redis.redis().replicaofNoOne();
        }
    }

    private AdoptScript.Adopted adopt(long seen) {
        return get(adopt.run(redis.connection().async(), seen));
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
    }
}
