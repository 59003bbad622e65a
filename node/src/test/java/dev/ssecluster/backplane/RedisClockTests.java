package dev.ssecluster.backplane;

import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RedisClockTests {

    private final RedisClock clock = new RedisClock();

    @Test
    void whenNothingIsKnownThenEveryMomentIsLongAgo() {
        assertThat(clock.at(System.nanoTime())).isZero();
    }

    @Test
    void whenAnswersAreQuickOrSlowThenItIsNeverAheadAndKeepsTheBestBound() {
        long seed = System.nanoTime();
        System.out.println("RedisClockTests seed " + seed);
        Random random = new Random(seed);
        long offset = 5_000_000_000L;
        long best = Long.MAX_VALUE;
        for (long now = 0; now < 1_000_000_000L; now += 10_000_000) {
            long there = random.nextInt(1_000);
            long back = random.nextInt(1_000);
            clock.learn((now - there) * 1_000, (now + back) * 1_000, now + offset);
            best = Math.min(best, back);
            assertThat(clock.at(now * 1_000)).isBetween(now + offset - best - 2, now + offset);
        }
    }

    @Test
    void whenRedisClockIsSetBackThenItFollowsAtOnce() {
        clock.learn(1_000_000, 1_200_000, 10_000_000);
        clock.learn(2_000_000, 2_200_000, 4_000_000);
        assertThat(clock.at(2_200_000)).isBetween(3_999_900L, 4_000_000L);
    }

    @Test
    void whenRedisClockIsSetForwardThenItFollows() {
        clock.learn(1_000_000, 1_200_000, 10_000_000);
        clock.learn(2_000_000, 2_200_000, 90_000_000);
        assertThat(clock.at(2_200_000)).isBetween(89_999_900L, 90_000_000L);
    }
}
