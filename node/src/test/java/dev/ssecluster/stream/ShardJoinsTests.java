package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.model.Priority;
import java.time.Duration;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Streams that join and leave groups after they have begun. */
class ShardJoinsTests extends JoinsFixture {

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
