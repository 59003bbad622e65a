package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Handover.Gap;
import dev.ssecluster.backplane.Handover.Inbound;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import dev.ssecluster.event.Trace;
import dev.ssecluster.model.Priority;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** One connection after the other. */
class HandoverTests {

    private static final Target USER = Target.user("u");
    private static final Trace TRACE = new Trace("4bf92f3577b34da6a3ce929d0e0e4736");
    private static final Source SOURCE = new Channel(USER);
    private static final Source NODE = new Source.Node(new NodeId("n"));

    private final RecordingSink sink = new RecordingSink();
    private final HighestId highest = new HighestId();
    private final BackplaneMeters meters = new BackplaneMeters(new SimpleMeterRegistry());
    private final NodeId node = new NodeId("n");
    private final List<String> answers = new ArrayList<>();
    private final Requests requests = new Requests(node, (_, _, _) -> new CompletableFuture<>(), this::answer, meters);
    private final Handover handover =
            new Handover(sink, requests, highest, () -> List.of(USER, Target.BROADCAST), meters, 2_000);
    private Inbound first = new Inbound(new HeldFrames(0));

    @BeforeEach
    void live() {
        requests.onRequest(RequestKind.MEMBERS, (request, answer) -> {
            sink.calls.add("asked " + new String(request.body(), UTF_8) + " " + request.id());
            answer.accept(request.body());
        });
        highest.saw(100);
        first = handover.open();
        assertThat(handover.last()).isEqualTo(100);
        assertThat(handover.settle(first, false)).isTrue();
    }

    @Test
    void whenLiveThenEventsComeAtOnceEachOnce() {
        hear(first, 101, 103, 103, 102);
        assertThat(sink.ids()).containsExactly(101L, 103L);
        assertThat(handover.last()).isEqualTo(103);
    }

    @Test
    void whenTheConnectionIsReplacedThenWhatWasMissedComesBeforeWhatWasHeldBack() {
        hear(first, 101);
        Inbound second = handover.open();
        hear(second, 104, 105, 107);
        hear(first, 102); // too late
        assertThat(sink.ids()).containsExactly(101L);
        assertThat(handover.fill(second, events(101, 103, 102, 105), 105, List.of())).isTrue();
        assertThat(sink.ids()).containsExactly(101L, 102L, 103L, 104L, 105L);
        hear(second, 108);
        assertThat(handover.settle(second, false)).isTrue();
        hear(second, 109);
        assertThat(sink.ids()).containsExactly(101L, 102L, 103L, 104L, 105L, 107L, 108L, 109L);
        assertThat(sink.gaps).hasValue(0);
        assertThat(handover.last()).isEqualTo(109);
    }

    @Test
    void whenTheConnectionDiesBetweenTwoPartsThenItsSuccessorGoesOnWhereItGotTo() {
        Inbound second = handover.open();
        assertThat(handover.fill(second, events(101, 102), 102, List.of())).isTrue();
        handover.close(second);
        assertThat(handover.fill(second, events(103), 103, List.of())).isFalse();
        Inbound third = handover.open();
        assertThat(handover.last()).isEqualTo(102);
        assertThat(handover.fill(third, events(101, 102, 103), 110, List.of())).isTrue();
        assertThat(handover.settle(third, false)).isTrue();
        hear(third, 109, 111);
        assertThat(sink.ids()).containsExactly(101L, 102L, 103L, 111L);
    }

    @Test
    void whenThereIsAGapThenItIsToldBeforeWhatFollows() {
        Inbound second = handover.open();
        handover.fill(second, events(101), 101, List.of(new Gap(ResetReason.HISTORY_LOST, 0, List.of(USER))));
        assertThat(sink.calls).containsSubsequence("gap HISTORY_LOST", "event 101");
    }

    @Test
    void whenMoreComesThanCanBeHeldThenItIsDroppedAndHasToBeRead() {
        Inbound second = handover.open();
        for (int id = 102; id < 150; id++) {
            hear(second, id);
        }
        assertThat(handover.fill(second, events(101), 101, List.of())).isTrue();
        assertThat(handover.settle(second, false)).isFalse();
        handover.holdAnew(second);
        hear(second, 151); // the fence is 150
        assertThat(handover.fill(second, events(102, 149, 150), 150, List.of())).isTrue();
        assertThat(handover.settle(second, false)).isTrue();
        assertThat(sink.ids()).containsExactly(101L, 102L, 149L, 150L, 151L);
        assertThat(sink.gaps).hasValue(0);
    }

    @Test
    void whenThatDoesNotEndThenAGapIsToldAndItGoesLive() {
        Inbound second = handover.open();
        for (int id = 102; id < 150; id++) {
            hear(second, id);
        }
        sink.calls.clear();
        assertThat(handover.settle(second, true)).isTrue();
        assertThat(sink.calls.getFirst()).isEqualTo("gap HISTORY_LOST");
        hear(second, 200);
        assertThat(sink.ids()).endsWith(200L);
    }

    @Test
    void whenAProbeIsHeardThenItProvesWhatIsBeforeIt() {
        probe(first, 120, 1);
        hear(first, 119, 121);
        assertThat(sink.ids()).containsExactly(121L);
        assertThat(sink.probes).containsExactly(120L);
        assertThat(first.probeHeard()).isEqualTo(1);
    }

    @Test
    void whenAConnectionWasReplacedThenUnreadCountsAreAskedForAnew() {
        Inbound second = handover.open();
        sink.calls.clear();
        assertThat(handover.settle(second, false)).isTrue();
        assertThat(sink.calls).containsExactly("unread u");
    }

    @Test
    void whenARequestIsHeardThenItHasItsPlaceAmongTheEvents() {
        hear(first, 101);
        ask(first, 101, "a");
        hear(first, 102);
        assertThat(sink.calls).endsWith("event 101", "asked a 101", "event 102");
        assertThat(answers).containsExactly("asker");
    }

    @Test
    void whenARequestIsHeardDuringARepairThenWhatWasMissedComesBeforeItAndWhatFollowsAfterIt() {
        hear(first, 101);
        Inbound second = handover.open();
        ask(second, 103, "a");
        hear(second, 104, 106);
        ask(second, 106, "b");
        sink.calls.clear();
        handover.fill(second, events(102), 102, List.of()); // a part of what was missed
        assertThat(sink.calls).containsExactly("event 102");
        handover.fill(second, events(103, 104), 105, List.of());
        handover.settle(second, false);
        assertThat(sink.calls)
                .containsExactly("event 102", "event 103", "asked a 103", "event 104", "event 106", "asked b 106", "unread u");
    }

    @Test
    void whenMoreComesThanCanBeHeldThenRequestsAreKept() {
        Inbound second = handover.open();
        ask(second, 101, "a");
        for (int id = 102; id < 150; id++) {
            hear(second, id);
        }
        assertThat(handover.settle(second, false)).isFalse();
        handover.holdAnew(second);
        sink.calls.clear();
        handover.fill(second, events(101, 149), 149, List.of());
        assertThat(sink.calls).containsExactly("event 101", "asked a 101", "event 149");
    }

    @Test
    void whenThereAreMoreRequestsThanCanBeHeldThenTheirNumberIsBounded() {
        Inbound second = handover.open();
        for (int i = 0; i < 1_000; i++) {
            ask(second, 101, "a");
        }
        handover.fill(second, List.of(), 101, List.of());
        assertThat(answers).hasSizeLessThan(20);
        assertThat(handover.settle(second, false)).isFalse(); // so that what they would have changed is looked up again
    }

    @Test
    void whenAHandlerFailsThenEventsGoOn() {
        requests.onRequest(RequestKind.MEMBERS, (_, _) -> {
            throw new IllegalStateException("a bug");
        });
        ask(first, 100, "a");
        hear(first, 101);
        assertThat(sink.ids()).containsExactly(101L);
        assertThat(answers).isEmpty();
    }

    @Test
    void whenATraceComesThenOnlyTheEventWithItsIdHasIt() {
        trace(first, 101);
        hear(first, 101, 102);
        trace(first, 103); // its event was lost
        hear(first, 104);
        assertThat(sink.traced()).containsExactly(101L);
        assertThat(sink.ids()).containsExactly(101L, 102L, 104L);
    }

    @Test
    void whenFramesAreHeldBackThenTheirTracesAreToo() {
        Inbound second = handover.open();
        hear(second, 101);
        trace(second, 102);
        hear(second, 102);
        trace(second, 104);
        hear(second, 104);
        assertThat(handover.fill(second, events(101, 102), 102, List.of())).isTrue();
        assertThat(handover.settle(second, false)).isTrue();
        assertThat(sink.ids()).containsExactly(101L, 102L, 104L);
        assertThat(sink.traced()).containsExactly(104L); // what was repaired has none
    }

    private void trace(Inbound inbound, long id) {
        byte[] frame = frame(id, TraceFrame.encodeRest(TRACE));
        frame[0] = TraceFrame.VERSION;
        handover.receive(inbound, SOURCE, frame);
    }

    private void ask(Inbound inbound, long id, String body) {
        byte[] rest = ControlFrame.encodeRequest(RequestKind.MEMBERS, 1, new NodeId("asker"), body.getBytes(UTF_8));
        byte[] frame = frame(id, rest);
        frame[0] = ControlFrame.VERSION;
        handover.receive(inbound, SOURCE, frame);
    }

    private void answer(NodeId asker, byte[] frame) {
        assertThat(((Frame.Answered) Frame.decodeOwn(frame)).node()).isEqualTo(node);
        answers.add(asker.value());
    }

    private void hear(Inbound inbound, long... ids) {
        for (long id : ids) {
            byte[] rest = Frame.encodeRest(TestNode.message(USER, "1", null));
            handover.receive(inbound, SOURCE, frame(id, rest));
        }
    }

    private void probe(Inbound inbound, long id, long number) {
        handover.receive(inbound, NODE, frame(id, ByteBuffer.allocate(Long.BYTES).putLong(number).array()));
    }

    private static byte[] frame(long id, byte[] rest) {
        return ByteBuffer.allocate(FrameLayout.HEADER + rest.length).put(FrameLayout.VERSION).putLong(id).put(rest).array();
    }

    private static List<Event> events(long... ids) {
        return Arrays.stream(ids)
                .mapToObj(id -> new Event(id, USER, Priority.NORMAL, false, 0, "t", "1".getBytes(UTF_8)))
                .toList();
    }
}
