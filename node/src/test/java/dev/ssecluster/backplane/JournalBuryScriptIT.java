package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import io.lettuce.core.Range;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis. */
class JournalBuryScriptIT {

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final JournalBuryScript bury = new JournalBuryScript(adopted.scripts);

    @Test
    void whenBuriedThenItIsThereWithItsChannelItsFrameAndTheReason() {
        Event event = adopted.publish(Target.user("u")).getFirst();
        TestNode.get(bury.run(event, "too long: 数据"));
        List<byte[]> letter = List.copyOf(redis.redis().xrange(Keys.DEAD, Range.<String>unbounded())
                .getFirst().getBody().values());
        assertThat(new String(letter.get(0), UTF_8)).isEqualTo("sse:{0}:user:u");
        assertThat(((Frame.Delivery) Frame.decode(event.target(), letter.get(1))).event())
                .usingRecursiveComparison().isEqualTo(event);
        assertThat(new String(letter.get(2), UTF_8)).isEqualTo("too long: 数据");
    }

    @Test
    void whenThereAreVeryManyThenTheOldestGo() {
        Event event = adopted.publish(Target.user("u")).getFirst();
        IntStream.range(0, 11).forEach(_ -> TestNode.get(CompletableFuture.allOf(
                IntStream.range(0, 1_000).mapToObj(_ -> bury.run(event, "r"))
                        .toArray(CompletableFuture<?>[]::new))));
        assertThat(redis.redis().xlen(Keys.DEAD)).isBetween(10_000L, 10_200L);
    }
}
