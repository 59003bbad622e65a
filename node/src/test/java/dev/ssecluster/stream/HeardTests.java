package dev.ssecluster.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HeardTests {

    private final Heard heard = new Heard();
    private final List<Integer> ran = new ArrayList<>();

    @Test
    void whenTheEventsHaveComeThatFarThenItRuns() {
        heard.whenUpTo(0, () -> ran.add(0));
        heard.whenUpTo(20, () -> ran.add(20));
        heard.whenUpTo(10, () -> ran.add(10));
        assertThat(ran).containsExactly(0);
        heard.advanceTo(9);
        heard.advanceTo(10);
        assertThat(ran).containsExactly(0, 10);
        heard.advanceTo(5);
        heard.whenUpTo(9, () -> ran.add(9));
        heard.advanceTo(100);
        assertThat(ran).containsExactly(0, 10, 9, 20);
    }

    @Test
    void whenSomeWaitWhileItAdvancesThenEachRunsOnceAndNotTooEarly() throws InterruptedException {
        long seed = ThreadLocalRandom.current().nextLong();
        Random random = new Random(seed);
        ConcurrentLinkedQueue<Long> late = new ConcurrentLinkedQueue<>();
        Thread advancing = Thread.ofPlatform().start(() -> {
            for (long id = 1; id <= 200_000; id++) {
                heard.advanceTo(id);
            }
        });
        for (int i = 0; i < 20_000; i++) {
            long until = random.nextInt(200_000);
            heard.whenUpTo(until, () -> late.add(until));
        }
        advancing.join();
        assertThat(late).as("seed %d", seed).hasSize(20_000);
    }
}
