package dev.ssecluster.connect;

import dev.ssecluster.test.PacketFilter;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Peers whose packets are dropped, without FIN. One node must notice within the client timeout; on the other, whose client
 * timeout is long, the same peer must still have its stream then: so it is that timeout that ends it and nothing else.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "packets are dropped by a filter of Linux")
class VanishedPeerIT {

    private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration TOLERANCE = Duration.ofSeconds(10); // the kernel's timers back off between retransmissions

    private static TestNode node;
    private static TestNode patient;

    private SseClient healthy;
    private SseClient vanished;
    private SseClient waitedFor;

    @BeforeAll
    static void start() {
        node = startWith(CLIENT_TIMEOUT.toSeconds() + "s");
        patient = startWith("10m");
    }

    private static TestNode startWith(String clientTimeout) {
        return TestNode.start("sse.stream.heartbeat-interval=1s", "sse.stream.client-timeout=" + clientTimeout,
                "sse.stream.send-timeout=10m");
    }

    @AfterAll
    static void stop() {
        node.close();
        patient.close();
    }

    @BeforeEach
    void open() {
        healthy = node.stream("/stream/peers/healthy?heartbeat=event");
        vanished = node.stream("/stream/peers/vanished?heartbeat=event");
        waitedFor = patient.stream("/stream/peers/waited-for?heartbeat=event");
    }

    @AfterEach
    void close() {
        vanished.close();
        waitedFor.close();
        healthy.close();
        await().until(() -> node.streams() + patient.streams() == 0);
    }

    private void vanish() {
        PacketFilter.dropAll(waitedFor.socket());
        PacketFilter.dropAll(vanished.socket());
    }

    private static double lost() {
        return node.counter("sse.streams.closed", "reason", "lost");
    }

    private void assertOnlyTheVanishedIsGone(double before) {
        assertThat(lost()).isEqualTo(before + 1);
        assertThat(healthy.isEnded()).isFalse();
        assertThat(patient.streams()).isEqualTo(1);
    }

    private static Duration limit() {
        return CLIENT_TIMEOUT.plus(TOLERANCE);
    }

    @Test
    void whenAnIdlePeerVanishesThenItsStreamEndsWithinTheClientTimeout() {
        double before = lost();
        await().until(() -> vanished.received().size() >= 3); // heartbeats were acknowledged, nothing is in flight
        vanish();
        await().atMost(limit()).until(() -> node.streams() == 1);
        assertOnlyTheVanishedIsGone(before);
        int heartbeats = healthy.received().size();
        await().until(() -> healthy.received().size() > heartbeats);
    }

    @Test
    void whenAPeerVanishesWhileEventsFlowThenItsStreamEndsWithinTheClientTimeout() {
        double before = lost();
        AtomicInteger sent = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            send(sent);
        }
        vanish();
        await().atMost(limit()).pollInterval(Duration.ofMillis(20)).until(() -> {
            send(sent);
            return node.streams() == 1;
        });
        assertOnlyTheVanishedIsGone(before);
        await().untilAsserted(() -> assertThat(healthy.data()).hasSize(sent.get()).doesNotHaveDuplicates());
    }

    private static void send(AtomicInteger sent) {
        int number = sent.getAndIncrement();
        assertThat(node.post("/send/group", "{\"group\":\"peers\",\"event_type\":\"t\",\"data\":" + number + "}").statusCode()).isEqualTo(200);
    }
}
