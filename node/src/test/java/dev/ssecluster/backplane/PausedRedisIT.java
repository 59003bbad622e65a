package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import io.lettuce.core.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A send that was answered in time with a refusal does not appear when Redis goes on. */
@Execution(ExecutionMode.CONCURRENT)
class PausedRedisIT {

    private static final Duration TIMEOUT = Duration.ofMillis(100);
    private static final int TRIES = 100;
    private static final int SENDS = 3;

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @Test
    void whenASendTimesOutWhileRedisIsPausedThenItNeverAppears() {
        Target user = Target.user("paused");
        RecordingSink sink = new RecordingSink();
        // The probe is patient, so that the paused connection stays, with what was written to it.
        var patient = new BackplaneProperties(
                Duration.ofSeconds(1),
                Duration.ofMillis(1500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20));
        try (TestNode node = new TestNode(redis.details(), sink, patient, TestNode.publishing(TIMEOUT))) {
            node.awaitReady().acquire(user);
            List<Long> accepted = new ArrayList<>();
            for (int i = 0; i < TRIES; i++) {
                refusedWhilePaused(node, user);
                accepted.add(acceptedAgain(node, user));
            }
            await().until(() -> sink.events.size() >= TRIES);
            assertThat(sink.ids()).isEqualTo(accepted);
            assertThat(redis.redis().xrange(Keys.history(user), Range.<String>unbounded())).hasSize(TRIES);
        }
    }

    private static void refusedWhilePaused(TestNode node, Target user) {
        redis.pause();
        long start = System.nanoTime();
        List<CompletableFuture<List<PublishResult>>> sends = new ArrayList<>();
        for (int i = 0; i < SENDS; i++) {
            sends.add(node.backplane.publish(List.of(TestNode.message(user, "late", null))));
        }
        List<PublishResult> results =
                sends.stream().map(send -> TestNode.get(send).getFirst()).toList();
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        redis.resume();
        assertThat(took).isBetween(TIMEOUT.toMillis() - 1, TIMEOUT.toMillis() + 400);
        assertThat(results.getFirst()).isInstanceOf(PublishResult.Unknown.class); // was written, got no answer
        assertThat(results.subList(1, SENDS)).allMatch(PublishResult.NotSent.class::isInstance); // waited behind it
    }

    private static long acceptedAgain(TestNode node, Target user) {
        return await().pollInterval(Duration.ofMillis(2))
                .until(() -> node.send(user, "in time"), PublishResult.Accepted.class::isInstance)
                        instanceof PublishResult.Accepted(long id, long _, int _, boolean _, String _)
                ? id
                : 0;
    }
}
