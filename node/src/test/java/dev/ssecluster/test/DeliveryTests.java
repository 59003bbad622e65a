package dev.ssecluster.test;

import dev.ssecluster.event.Target;
import dev.ssecluster.test.Ledger.Fate;
import dev.ssecluster.test.Ledger.Line;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The judge must see every kind of fault, or its silence proves nothing. */
class DeliveryTests {

    private static final Target USER = Target.user("u");
    private static final String CONNECTED = ScriptedServer.STREAM + "retry: 10000\nid: 100\nevent: connected\ndata: {}\n\n";
    private static final String RESET = "event: sse.reset\ndata: {}\n\n";

    private final Ledger ledger = new Ledger();

    @BeforeEach
    void accept() {
        add(0, 50, USER, 0, true, Fate.ACCEPTED); // before the stream began
        add(1, 101, USER, 0, true, Fate.ACCEPTED);
        add(2, 102, USER, 0, false, Fate.ACCEPTED);
        add(3, 103, USER, 1, true, Fate.ACCEPTED);
        add(4, 104, Target.user("other"), 0, true, Fate.ACCEPTED);
        add(5, 0, USER, 0, true, Fate.NOT_SENT);
        add(6, 0, USER, 0, true, Fate.UNKNOWN);
    }

    private void add(int number, long id, Target target, int priority, boolean persist, Fate fate) {
        ledger.add(new Line(new Message(number, target, priority, persist, 0, 0), fate, id, 200, 0, 1));
    }

    private static String event(int number, long id) {
        return "id: " + id + "~1-1-1\nevent: proof\ndata: {\"n\":" + number + "}\n\n";
    }

    private List<String> faults(Delivery delivery, String... blocks) throws IOException {
        String body = CONNECTED + String.join("", blocks) + "event: sse.heartbeat\nid: 999\ndata: {}\n\n";
        try (ScriptedServer server = new ScriptedServer(body); ResumingClient client = ResumingClient.open(server::port, "/stream/u")) {
            await().until(() -> !client.data("sse.heartbeat").isEmpty());
            assertThat(delivery.isDone(client, Set.of(USER)))
                    .isEqualTo(delivery.faults(client, Set.of(USER)).stream().noneMatch(fault -> fault.startsWith("lost")));
            return delivery.faults(client, Set.of(USER));
        }
    }

    private List<String> complete(String... blocks) throws IOException {
        return faults(Delivery.complete(ledger), blocks);
    }

    @Test
    void whenAllArrivedThenThereIsNoFault() throws IOException {
        assertThat(complete(event(3, 103), event(1, 101), event(2, 102))).isEmpty();
        assertThat(complete(event(1, 101), event(2, 102), event(6, 777), event(3, 103))).as("unknown ones may come").isEmpty();
    }

    @Test
    void whenOneIsMissingThenItIsLost() throws IOException {
        assertThat(complete(event(1, 101), event(3, 103))).singleElement().asString().startsWith("lost");
    }

    @Test
    void whenOneComesAgainThenItIsTwice() throws IOException {
        assertThat(complete(event(1, 101), event(2, 102), event(2, 102), event(3, 103))).singleElement().asString().startsWith("twice");
    }

    @Test
    void whenOneOvertakesWithinItsPriorityThenItIsOutOfOrder() throws IOException {
        assertThat(complete(event(2, 102), event(1, 101), event(3, 103))).singleElement().asString().startsWith("out of order");
    }

    @Test
    void whenOneWasRefusedOrIsForOthersOrHasAnotherIdThenItIsUnexpected() throws IOException {
        assertThat(complete(event(1, 101), event(2, 102), event(3, 103), event(4, 104))).singleElement().asString().startsWith("for others");
        assertThat(complete(event(1, 101), event(2, 102), event(3, 103), event(5, 105))).singleElement().asString().startsWith("unexpected");
        assertThat(complete(event(1, 101), event(2, 102), event(3, 666))).singleElement().asString().startsWith("unexpected");
    }

    @Test
    void whenAResetIsAllowedThenItExcusesOnlyUnpersistedOnesBeforeIt() throws IOException {
        Delivery delivery = Delivery.withResets(ledger);
        assertThat(faults(delivery, event(1, 101), RESET, event(3, 103))).isEmpty();
        assertThat(faults(delivery, RESET, event(1, 101), event(3, 103))).as("a stored one that is older may follow").isEmpty();
        assertThat(faults(delivery, event(1, 101), event(3, 103))).singleElement().asString().startsWith("lost");
        assertThat(faults(delivery, RESET, event(2, 102), event(3, 103))).as("stored").singleElement().asString().startsWith("lost");
        assertThat(faults(delivery, event(2, 102), RESET, event(3, 103))).singleElement().asString().startsWith("lost");
        assertThat(complete(event(1, 101), event(2, 102), RESET, event(3, 103))).singleElement().asString().startsWith("reset");
    }

    @Test
    void whenAResetCameBeforeItWasSentThenItIsLost() throws IOException {
        ledger.add(new Line(new Message(7, USER, 2, false, 0, 0), Fate.ACCEPTED, 107, 200, Long.MAX_VALUE, 1));
        assertThat(faults(Delivery.withResets(ledger), RESET, event(1, 101), event(2, 102), event(3, 103)))
                .singleElement().asString().startsWith("lost");
    }

    @Test
    void whenOneComesAfterItsExpiryThenItIsExpired() throws IOException {
        ledger.add(new Line(new Message(7, USER, 2, true, 1, 0), Fate.ACCEPTED, 107, 200, 0, 1));
        assertThat(complete(event(1, 101), event(2, 102), event(3, 103), event(7, 107))).singleElement().asString().startsWith("expired");
        assertThat(complete(event(1, 101), event(2, 102), event(3, 103))).as("it may have expired before").isEmpty();
    }
}
