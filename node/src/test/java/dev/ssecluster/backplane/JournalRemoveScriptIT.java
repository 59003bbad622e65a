package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Journal.Removal;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis. */
class JournalRemoveScriptIT {

    private static final Target USER = Target.user("u");

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    @RegisterExtension
    final AdoptedRedis adopted = new AdoptedRedis(redis);

    private final JournalRemoveScript remove = new JournalRemoveScript(adopted.scripts);

    @Test
    void whenRemovedThenEachIsToldWhetherItWasThereAndInWhichEpoch() {
        List<Event> events = adopted.publish(USER, Target.group("g"), USER);
        String epoch = adopted.session().epoch();
        assertThat(TestNode.get(remove.run(events.subList(0, 2))))
                .containsExactly(new Removal(true, epoch), new Removal(true, epoch));
        assertThat(TestNode.get(remove.run(events)))
                .containsExactly(new Removal(false, epoch), new Removal(false, epoch), new Removal(true, epoch));
        assertThat(redis.redis().xlen(Keys.JOURNAL)).isZero();
    }

    @Test
    void whenOneOfAUsersMessagesIsStoredThenTheOthersKeepTheirMarks() {
        List<Event> events = adopted.publish(USER, USER, Target.user("v"));
        TestNode.get(remove.run(events.subList(0, 1)));
        byte[] left = Long.toString(events.get(1).id()).getBytes(UTF_8);
        assertThat(redis.redis().zrange(Keys.unread("u").getFirst(), 0, -1)).containsExactly(left);
        assertThat(redis.redis().zcard(Keys.unread("v").getFirst())).isEqualTo(1);
        TestNode.get(remove.run(events));
        assertThat(redis.redis().keys("*unread-dirty*")).isEmpty();
    }

    @Test
    void whenACountWasKeptThenItIsDroppedEvenIfTheEntryHadGone() {
        List<Event> events = adopted.publish(USER, Target.user("v"));
        TestNode.get(remove.run(events));
        Keys.unread("u").subList(1, 3).forEach(key -> redis.redis().set(key, new byte[] {1}));
        Keys.unread("v").subList(1, 3).forEach(key -> redis.redis().set(key, new byte[] {1}));
        TestNode.get(remove.run(events.subList(0, 1)));
        assertThat(redis.redis().exists(Keys.unread("u").toArray(byte[][]::new))).isZero();
        assertThat(redis.redis().exists(Keys.unread("v").toArray(byte[][]::new))).isEqualTo(2);
    }

    @Test
    void whenDataWasLostThenNothingIsFoundInTheEpochOfNow() {
        List<Event> events = adopted.publish(USER);
        redis.redis().flushall();
        redis.redis().set(Keys.EPOCH, "0123".getBytes(UTF_8));
        assertThat(TestNode.get(remove.run(events))).containsExactly(new Removal(false, ""));
    }
}
