package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Streams that join and leave groups after they have begun, and what waits meanwhile. */
class ShardJoinsTests extends ShardFixture {

    private static final Duration LIMIT = Duration.ofSeconds(ShardJoins.LIMIT_SECONDS + 1);

    private final Topic other = new Topic(Target.group("other"), 1);
    private final RecordingSink sink = openOwned(nextId);
    private final Stream stream = sink.stream;

    private Hold hold() {
        return streams.joins().hold(user).join().getFirst();
    }

    private boolean join(Set<String> types) {
        return streams.joins().join(stream, other, types);
    }

    private Event missed(long id, String type, boolean persisted) {
        return new Event(id, other.target(), Priority.NORMAL, persisted, 0, type, "1".getBytes(StandardCharsets.UTF_8));
    }

    private void deliver(long id, String type, Topic topic) {
        Event event = new Event(id, topic.target(), Priority.NORMAL, false, 0, type, "1".getBytes(StandardCharsets.UTF_8));
        streams.deliver(new EncodedEvent(event), topic);
        nextId = id;
    }

    private void settle(Hold hold, Event... missed) {
        streams.joins().settle(hold, Arrays.stream(missed).filter(hold.stream().memberships()::takes).map(EncodedEvent::new).toList());
        endTurn();
    }

    private void tick(Duration later) {
        streams.endTurn(System.nanoTime() + later.toNanos());
        endTurn();
    }

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
        assertThat(registry.get(StreamMeters.UNSETTLED).counter().count()).isOne();
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
        assertThat(registry.get(StreamMeters.UNSETTLED).counter().count()).isZero();
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

    @Test
    void whenAGroupIsJoinedBeforeTheBeginThenTheReplayHasWhatIsUpToTheFence() {
        Stream attaching = register(group);
        streams.joins().join(attaching, other, Set.of("t"));
        deliver(1_001, "t", other);
        deliver(1_003, "t", other);
        streams.begin(attaching, Cursor.at(1_000), Cursor.at(1_000), 1_002);
        var _ = replay(attaching, missed(1_001, "t", false), missed(1_002, "u", false));
        RecordingSink late = new RecordingSink(attaching);
        streams.open(attaching, late);
        streams.goLive(attaching);
        endTurn();
        assertThat(late.ids()).containsExactly(1_001L, 1_003L);
    }

    @Test
    void whenAFilterIsSetThenOtherTypesAreNotWrittenWhicheverWayTheyCome() {
        Hold hold = hold();
        join(Set.of("a"));
        deliver(1_003, "b", other);
        deliver(1_004, "a", other);
        settle(hold, missed(1_001, "a", false), missed(1_002, "b", false));
        assertThat(sink.ids()).containsExactly(1_001L, 1_004L);
        deliver(1_005, "b", other);
        deliver(1_006, "a", other);
        deliver(1_007, "b", group);
        endTurn();
        deliver(1_008, "b", other);
        endTurn();
        assertThat(sink.ids()).containsExactly(1_001L, 1_004L, 1_006L, 1_007L);
        assertThat(join(Set.of("b"))).as("it is a member already").isFalse();
        deliver(1_009, "b", other);
        deliver(1_010, "a", other);
        endTurn();
        join(Set.of());
        deliver(1_011, "c", other);
        endTurn();
        assertThat(sink.ids()).endsWith(1_007L, 1_009L, 1_011L);
    }

    @Test
    void whenTheStreamNamedTheGroupItselfThenItIsNeitherFilteredNorLeft() {
        assertThat(streams.joins().join(stream, group, Set.of("a"))).isFalse();
        assertThat(streams.joins().leave(stream, group.target())).isFalse();
        deliver(1_001, "b", group);
        endTurn();
        assertThat(sink.ids()).containsExactly(1_001L);
        assertThat(stream.joined()).isEmpty();
    }

    @Test
    void whenAGroupIsLeftThenNothingMoreComesAndItsOtherMembersStay() {
        RecordingSink neighbour = open(other, user);
        RecordingSink another = open(other);
        join(Set.of());
        assertThat(stream.info().groups()).containsExactly("g", "other");
        assertThat(stream.joined()).containsExactly("other");
        streams.close(neighbour.stream, CloseReason.CLIENT); // moves another to its place
        assertThat(streams.joins().leave(stream, other.target())).isTrue();
        assertThat(streams.joins().leave(stream, other.target())).isFalse();
        deliver(1_001, "t", other);
        endTurn();
        assertThat(sink.ids()).isEmpty();
        assertThat(another.ids()).containsExactly(1_001L);
        join(Set.of());
        streams.close(another.stream, CloseReason.CLIENT);
        streams.close(stream, CloseReason.CLIENT);
        assertThat(other.members(0).size()).isZero();
        assertThat(stream.targets()).as("known after the end").containsExactly(user.target(), group.target(), other.target());
    }

    @Test
    void whenAPersistedMissedEventComesTooLateThenTheOwnersPositionDoesNotPassIt() {
        Hold hold = hold();
        join(Set.of());
        settle(hold, missed(1_000, "t", true)); // up to the fence
        streams.deliver(new EncodedEvent(event(1_001, Priority.NORMAL, true, 0)), group);
        endTurn();
        streams.close(stream, CloseReason.CLIENT);
        assertThat(served).extracting(Served::from).as("begins anew").containsExactly(Cursor.at(1_001));
    }

    @Test
    void whenItIsToServeNothingThenNothingIsReportedUntilItMayAgain() {
        stream.serveNothing(true);
        streams.deliver(new EncodedEvent(event(1_001, Priority.NORMAL, true, 0)), group);
        endTurn();
        streams.reportServed(System.nanoTime() + Duration.ofHours(1).toNanos());
        assertThat(served).isEmpty();
        stream.serveNothing(false);
        streams.deliver(new EncodedEvent(event(1_002, Priority.NORMAL, true, 0)), group);
        endTurn();
        streams.close(stream, CloseReason.CLIENT);
        assertThat(served).extracting(Served::from).containsExactly(Cursor.at(1_002));
    }

    @Test
    void whenTooMuchIsHeldThenUnpersistedEventsAreShedAndTheClientIsTold() {
        Hold hold = hold();
        deliver(group, Priority.NORMAL, 80);
        endTurn();
        settle(hold);
        assertThat(sink.text()).contains("\"overflow\"");
        assertThat(sink.ids()).isSorted().hasSizeLessThan(80);
        assertThat(closed).isEmpty();
    }

    @Test
    void whenMoreIsMissedThanAQueueTakesThenItIsBounded() {
        Hold hold = hold();
        join(Set.of());
        settle(hold, LongStream.range(1_001, 1_400).mapToObj(id -> missed(id, "t", true)).toArray(Event[]::new));
        assertThat(closed).containsExactly(CloseReason.SLOW_CONSUMER);
    }
}
