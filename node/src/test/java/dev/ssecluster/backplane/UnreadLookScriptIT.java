package dev.ssecluster.backplane;

import dev.ssecluster.backplane.UnreadCache.Lookup;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis. */
class UnreadLookScriptIT {

    private static final byte[] MARKS = Keys.unread("u").get(0);
    private static final byte[] COUNT = Keys.unread("u").get(1);
    private static final byte[] LEASE = Keys.unread("u").get(2);

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final UnreadLookScript look = new UnreadLookScript(adopted.scripts);

    @BeforeEach
    void marksAreComplete() {
        redis.redis().del(Keys.UNMARKED);
    }

    @Test
    void whenManyAreLookedUpThenEachGetsItsOwnAnswer() {
        redis.redis().set(COUNT, bytes(adopted.session().epoch() + ":3:77"));
        redis.redis().zadd(Keys.unread("dirty").getFirst(), Long.MAX_VALUE / 1024d, bytes("mark"));
        List<Lookup> found = TestNode.get(look.run(List.of("dirty", "u", "new")));
        assertThat(found.subList(0, 2)).containsExactly(new Lookup.Dirty(), new Lookup.Cached(3, 77));
        assertThat(found.get(2)).isInstanceOf(Lookup.Missing.class);
    }

    @Test
    void whenACountIsOfAnotherEpochThenItIsWorthNothing() {
        redis.redis().set(COUNT, bytes("0123abc:3:0"));
        assertThat(look()).isInstanceOf(Lookup.Missing.class);
        redis.redis().set(COUNT, bytes("rubbish"));
        assertThat(look()).isInstanceOf(Lookup.Missing.class);
    }

    @Test
    void whenSeveralCountAtATimeThenTheyShareOneLease() {
        Lookup first = look();
        assertThat(look()).isEqualTo(first);
        assertThat(TestNode.get(look.run(List.of("u", "u")))).containsExactly(first, first);
        assertThat(redis.redis().pttl(LEASE)).isBetween(50_000L, 60_000L);
    }

    @Test
    void whenALeaseIsOfAnotherEpochThenThereIsANewOne() {
        redis.redis().set(LEASE, bytes("0123abc:text"));
        assertThat(look()).isInstanceOfSatisfying(
                Lookup.Missing.class, missing -> assertThat(missing.lease()).startsWith(adopted.session().epoch() + ":"));
    }

    @Test
    void whenAMarkHasEndedThenItIsSweptAndCountingGoesOn() {
        redis.redis().zadd(MARKS, 1, bytes("dead node's"));
        assertThat(look()).isInstanceOf(Lookup.Missing.class);
        assertThat(redis.redis().exists(MARKS)).isZero();
        redis.redis().zadd(MARKS, 1, bytes("ended"));
        redis.redis().zadd(MARKS, Long.MAX_VALUE / 1024d, bytes("not yet"));
        assertThat(look()).isEqualTo(new Lookup.Dirty());
        assertThat(redis.redis().zcard(MARKS)).isEqualTo(1);
    }

    @Test
    void whenMarksMayBeMissingThenNoLeaseIsGiven() {
        redis.redis().flushall();
        adopted.readopt();
        assertThat(look()).isEqualTo(new Lookup.Dirty());
        assertThat(redis.redis().exists(LEASE)).isZero();
    }

    private Lookup look() {
        return TestNode.get(look.run(List.of("u"))).getFirst();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
