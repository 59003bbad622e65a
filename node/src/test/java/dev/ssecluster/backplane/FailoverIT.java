package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RestoreArgs;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A replica that lags behind takes over under load, while the old primary still runs. */
class FailoverIT {

    private static final Target[] TARGETS = Traffic.TARGETS.toArray(Target[]::new);
    private static final HistoryProperties HISTORY = new HistoryProperties(Duration.ofMinutes(10), 100_000);

    private final long seed = System.nanoTime();
    private final RedisServerExtension old = new RedisServerExtension();
    private final RedisServerExtension replica = new RedisServerExtension();
    private final StoredInMemory stored = new StoredInMemory();
    private final Heard heard = new Heard();

    @BeforeEach
    void start() {
        System.out.println("FailoverIT seed " + seed);
        old.start();
        replica.start();
    }

    @AfterEach
    void close() {
        old.close();
        replica.close();
    }

    @Test
    void whenTheOldPrimaryIsDemotedThenNoIdIsIssuedTwiceAndNothingAcceptedIsLost() throws Exception {
        try (FreezingProxy proxy = new FreezingProxy(old.port());
                TestNode sender = node(proxy, new Heard());
                TestNode node = node(proxy, heard);
                Traffic traffic = traffic(sender, node)) {
            awaitProgress(traffic, 300);
            replicate();
            awaitProgress(traffic, 300); // is not in the replica
            proxy.switchTo(replica.port());
            old.redis().replicaof("127.0.0.1", 1);
            finish(sender, node, traffic);
        }
    }

    @Test
    void whenThePubSubConnectionIsAtTheNewOneFirstThenItIsNotTrustedBeforeTheCommandsFollow() throws Exception {
        try (FreezingProxy proxy = new FreezingProxy(old.port());
                TestNode sender = node(proxy, new Heard());
                TestNode node = node(proxy, heard);
                Traffic traffic = traffic(sender, node)) {
            awaitProgress(traffic, 300);
            replicate();
            proxy.switchTo(replica.port());
            old.redis().clientKill(KillArgs.Builder.typePubsub());
            await().until(() -> !node.backplane.isReady());
            awaitProgress(traffic, 300); // accepted by the old one, heard by nobody
            assertThat(node.backplane.isReady()).isFalse();
            old.stop();
            finish(sender, node, traffic);
        }
    }

    private void finish(TestNode sender, TestNode node, Traffic traffic) throws Exception {
        await().atMost(Duration.ofSeconds(20)).until(() -> isAdopted() && sender.backplane.isReady() && node.backplane.isReady());
        long before = traffic.lastAccepted();
        awaitProgress(traffic, 300);
        long last = traffic.stop().lastAccepted();
        assertThat(last).isGreaterThan(before);
        await().atMost(Duration.ofSeconds(20)).until(() -> heard.last() >= last);
        heard.verify(traffic.accepted, traffic.uncertain);
    }

    private boolean isAdopted() {
        byte[] epoch = replica.redis().get(Keys.EPOCH);
        return epoch != null && replica.redis().info("server").contains("run_id:" + new String(epoch, UTF_8));
    }

    /** What asynchronous replication had brought over by now. */
    private void replicate() {
        for (byte[] key : old.redis().keys("sse:*")) {
            byte[] value = old.redis().dump(key);
            if (value != null) {
                replica.redis().restore(key, value, RestoreArgs.Builder.ttl(Math.max(0, old.redis().pttl(key))).replace());
            }
        }
    }

    private TestNode node(FreezingProxy proxy, Heard sink) throws IOException {
        return new TestNode(RedisServerExtension.details(proxy.port()), sink, TestNode.FAST,
                TestNode.publishing(Duration.ofMillis(1500)), HISTORY, stored).awaitReady();
    }

    private Traffic traffic(TestNode sender, TestNode node) {
        node.acquire(TARGETS);
        return new Traffic(sender, stored, 2, seed);
    }

    private static void awaitProgress(Traffic traffic, int count) {
        int least = traffic.accepted.size() + count;
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(2)).until(() -> traffic.accepted.size() >= least);
    }
}
