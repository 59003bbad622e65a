package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.model.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Streams whose events wait, while something about them changes. */
class ShardHoldsTests extends JoinsFixture {

    @Test
    void whenAStreamIsHeldThenItsEventsWaitAndWhatItMissedTakesItsPlaceAmongThem() {
        deliver(1_001, "t", group);
        Hold hold = hold();
        deliver(1_003, "t", group);
        endTurn();
        assertThat(sink.ids()).as("what came before is not held").containsExactly(1_001L);
        assertThat(join(Set.of())).isTrue();
        deliver(1_005, "t", other);
        deliver(1_006, "t", group);
        settle(hold, missed(1_002, "t", true), missed(1_004, "t", true), missed(1_005, "t", true));
        assertThat(sink.ids()).containsExactly(1_001L, 1_002L, 1_003L, 1_004L, 1_005L, 1_006L);
        deliver(1_007, "t", other);
        endTurn();
        assertThat(sink.ids()).endsWith(1_007L).hasSize(7);
    }

    @Test
    void whenAStreamIsHeldThenItsHeartbeatHasNoCursor() {
        streams.probe(2_000);
        Hold hold = hold();
        tick(Duration.ofSeconds(9)); // not yet overdue
        tick(Duration.ofSeconds(9));
        streams.endTurn(System.nanoTime() + Duration.ofSeconds(28).toNanos());
        assertThat(sink.text()).contains(":\n\n").doesNotContain("id: 2000");
        settle(hold);
    }

    @Test
    void whenSeveralHoldsOverlapThenTheLastOneReleases() {
        Hold first = hold();
        Hold second = hold();
        deliver(1_001, "t", group);
        settle(second);
        settle(second);
        assertThat(sink.ids()).isEmpty();
        settle(first);
        assertThat(sink.ids()).containsExactly(1_001L);
        settle(first);
        deliver(1_002, "t", group);
        endTurn();
        assertThat(sink.ids()).containsExactly(1_001L, 1_002L);
    }

    @Test
    void whenAHoldIsNeverSettledThenTheStreamGoesOnWithAResetAndServesNothingOfTheGap() {
        Hold hold = hold();
        deliver(1_001, "t", group);
        tick(LIMIT);
        assertThat(sink.text()).contains("event: sse.reset\ndata: {\"reason\":\"store-unavailable\"}");
        assertThat(sink.ids()).containsExactly(1_001L);
        assertThat(registry.get(MeterNames.STREAMS_UNSETTLED).counter().count()).isOne();
        settle(hold, missed(1_000, "t", true));
        assertThat(sink.ids()).as("too late").containsExactly(1_001L);
        assertThat(served).isEmpty();
    }

    @Test
    void whenAHoldIsSettledAfterItsTimeThenTheStreamIsToldOnceMore() {
        for (int round = 1; round <= 2; round++) {
            Hold hold = hold();
            tick(LIMIT.multipliedBy(round));
            int before = resets();
            streams.deliver(new EncodedEvent(event(++nextId, Priority.NORMAL, true, 0)), group);
            endTurn();
            now = ++nextId; // what was sent up to now to the group that it joins is not known
            join(Set.of());
            if (round == 1) {
                settle(hold);
            } else {
                streams.joins().giveUp(hold);
            }
            settle(hold);
            assertThat(resets()).isEqualTo(before + 1);
        }
        streams.close(stream, CloseReason.CLIENT);
        assertThat(served).as("what it wrote before is no longer part of a whole span").isEmpty();
    }

    private int resets() {
        return sink.text().split("event: sse.reset", -1).length - 1;
    }

    @Test
    void whenAGroupIsJoinedThenAllHoldsThatBeganBeforeKnow() {
        Hold first = hold();
        join(Set.of());
        Hold second = hold();
        assertThat(first.joined()).containsExactly(other.target());
        join(Set.of("a")); // only other types
        assertThat(second.joined()).isEmpty();
        streams.joins().leave(stream, other.target());
        assertThat(first.joined()).isEmpty();
        join(Set.of());
        assertThat(second.joined()).containsExactly(other.target());
    }

    @Test
    void whenTheTimeOfOneHoldIsOverThenALaterOneStillHolds() {
        Hold dead = hold();
        Hold later = new Hold(stream, System.nanoTime() + LIMIT.toNanos());
        stream.hold();
        deliver(1_001, "t", group);
        tick(LIMIT);
        assertThat(dead.isOver()).isTrue();
        assertThat(sink.ids()).isEmpty();
        settle(dead);
        assertThat(sink.ids()).as("a late settler must not end another's hold").isEmpty();
        settle(later);
        assertThat(sink.ids()).containsExactly(1_001L);
    }

    @Test
    void whenAHeldStreamEndsThenItsHoldsAreOver() {
        Hold hold = hold();
        deliver(1_001, "t", group);
        streams.close(stream, CloseReason.CLIENT);
        assertThat(hold.isOver()).isTrue();
        settle(hold, missed(1_002, "t", false));
        tick(LIMIT);
        assertThat(sink.ids()).isEmpty();
        assertThat(join(Set.of())).isFalse();
        assertThat(registry.get(MeterNames.STREAMS_UNSETTLED).counter().count()).isZero();
    }

    @Test
    void whenAStreamHasNotBegunThenItsHoldIsGivenOutWhenItHas() {
        Stream attaching = register(group, user);
        CompletableFuture<Hold> given = streams.joins().hold(attaching);
        assertThat(given).isNotDone();
        streams.begin(attaching, Cursor.at(1_000), Cursor.at(1_000), 1_002);
        assertThat(given).isDone();
        RecordingSink late = new RecordingSink(attaching);
        streams.open(attaching, late);
        streams.joins().join(attaching, other, Set.of());
        deliver(1_003, "t", group);
        var _ = replay(attaching, event(1_001, Priority.NORMAL, false, 0));
        streams.goLive(attaching);
        endTurn();
        assertThat(late.ids()).containsExactly(1_001L);
        settle(given.join(), missed(1_002, "t", false), missed(1_004, "t", false));
        assertThat(late.ids()).as("up to the fence nothing is joined").containsExactly(1_001L, 1_003L, 1_004L);
    }

    @Test
    void whenAStreamEndsBeforeItBeginsThenItsHoldIsGivenOut() {
        Stream attaching = register(group, user);
        CompletableFuture<List<Hold>> given = streams.joins().hold(user);
        streams.close(attaching, CloseReason.NOT_OPENED);
        assertThat(given).isDone();
        assertThat(given.join()).extracting(Hold::isOver).containsExactly(false, true);
    }
}
