package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventSink;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import dev.ssecluster.metric.MeterNames;
import io.lettuce.core.KillArgs;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Streams come and go at random on few channels while the connection is killed: an acquired channel is always heard. */
class ChannelsStressIT {

    private static final int THREADS = 8;
    private static final int ROUNDS = 300;
    private static final int CHANNELS = 12;
    private static final int KILLS = 6;

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final HeardIds heard = new HeardIds();
    private final AtomicInteger verified = new AtomicInteger();

    @Test
    void whenAcquiredThenAPublishIsHeardAndAtTheEndNoSubscriptionIsLeft() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ChannelsStressIT seed " + seed);
        var quick = new BackplaneProperties(
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(10), // so that channels are given up and acquired again all the time
                Duration.ofMillis(200),
                Duration.ofSeconds(2));
        try (TestNode node =
                        new TestNode(redis.details(), heard, quick, TestNode.publishing(Duration.ofMillis(1500)));
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            node.awaitReady();
            List<Future<?>> runs = IntStream.range(0, THREADS)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> run(node, new Random(seed + i))))
                    .toList();
            kill(node, runs);
            for (Future<?> run : runs) {
                run.get();
            }
            assertThat(verified).hasValueGreaterThan(THREADS * ROUNDS / 2);
            assertThat(heard.gaps).hasValue(0);
            await().untilAsserted(() -> assertThat(redis.redis().pubsubChannels())
                    .hasSize(1));
            assertThat(node.meters.get(MeterNames.BACKPLANE_CHANNELS).gauge().value()).isZero();
        }
    }

    private void kill(TestNode node, List<Future<?>> runs) throws ExecutionException, InterruptedException {
        for (int i = 1; i <= KILLS; i++) {
            int least = i * THREADS * ROUNDS / (2 * KILLS);
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> verified.get() >= least || runs.stream().allMatch(Future::isDone));
            redis.redis().clientKill(KillArgs.Builder.typePubsub());
            node.awaitReady();
        }
    }

    private void run(TestNode node, Random random) {
        for (int i = 0; i < ROUNDS; i++) {
            List<Target> targets = Stream.generate(() -> Target.group("g" + random.nextInt(CHANNELS)))
                    .distinct()
                    .limit(1 + random.nextInt(3))
                    .toList();
            try {
                node.backplane.acquire(targets).join();
            } catch (CompletionException e) {
                continue; // not in time; released already
            }
            verify(node, targets.get(random.nextInt(targets.size())));
            node.backplane.release(targets);
        }
    }

    private void verify(TestNode node, Target target) {
        if (node.send(target, "1") instanceof PublishResult.Accepted(long id, long _, int _, boolean _, String _)) {
            await().atMost(Duration.ofSeconds(8))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> heard.ids.remove(id));
            verified.incrementAndGet();
        }
    }

    private static final class HeardIds implements EventSink {

        final Set<Long> ids = ConcurrentHashMap.newKeySet();
        final AtomicInteger gaps = new AtomicInteger();

        @Override
        public void onEvent(Event event) {
            ids.add(event.id());
        }

        @Override
        public void onProbe(long id) {}

        @Override
        public void onGap(ResetReason reason, long persistedUpTo, Collection<Target> targets) {
            gaps.incrementAndGet();
        }

        @Override
        public void onUnreadChanged(String user) {}
    }
}
