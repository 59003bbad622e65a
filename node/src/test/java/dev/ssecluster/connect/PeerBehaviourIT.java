package dev.ssecluster.connect;

import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Peers that stall, leave rudely or say things they should not. */
class PeerBehaviourIT {

    private static final Logger log = LoggerFactory.getLogger(PeerBehaviourIT.class);
    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start("sse.stream.send-timeout=1s", "sse.stream.queue-bytes=256KB", "sse.stream.send-buffer=16KB");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @AfterEach
    void whenThePeersHaveGoneThenNothingIsLeft() {
        await().until(() -> node.streams() == 0);
    }

    @Test
    void whenThePeerClosesOnlyItsSendingHalfThenTheStreamEnds() throws IOException {
        try (SseClient client = node.stream("/stream/half")) {
            client.socket().shutdownOutput();
            await().until(client::isEnded);
        }
    }

    @Test
    void whenThePeerSendsMoreThenItIsIgnoredUntilItIsTooMuch() throws IOException {
        try (SseClient client = node.stream("/stream/talker")) {
            client.socket().getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
            node.post("/send", "{\"user_id\":\"talker\",\"event_type\":\"t\",\"data\":1}");
            await().untilAsserted(() -> assertThat(client.data()).containsExactly("1"));
            client.socket().getOutputStream().write(new byte[100_000]);
            await().until(client::isEnded);
        }
    }

    @Test
    void whenOneReaderStallsThenOnlyItIsClosedAndTheOthersMissNothing() throws IOException {
        double before = node.counter("sse.streams.closed", "reason", "slow-consumer");
        List<SseClient> healthy = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            healthy.add(node.stream("/stream/flood/h" + i));
        }
        String data = "\"" + "x".repeat(20_000) + "\"";
        try (SseClient stalled = SseClient.openWithoutReading(node.port(), "/stream/flood/stalled")) {
            for (int sent = 1; node.counter("sse.streams.closed", "reason", "slow-consumer") == before; sent++) {
                node.post("/send/group", "{\"group\":\"flood\",\"event_type\":\"t\",\"data\":" + data + "}");
                int all = sent;
                assertThat(all).isLessThan(20_000);
                await().pollInterval(Duration.ofMillis(2))
                        .untilAsserted(() -> assertThat(healthy).allSatisfy(client -> assertThat(client.data()).hasSize(all)));
            }
            assertThat(stalled.isEnded()).isFalse(); // it has not read its end yet
        }
        healthy.forEach(SseClient::close);
    }

    @Test
    void whenPeersLeaveAtAnyMomentThenNoStreamIsLeft() throws IOException {
        long seed = ThreadLocalRandom.current().nextLong();
        log.info("seed {}", seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
                socket.setSoLinger(random.nextBoolean(), 0); // a reset instead of a goodbye
                String request = "GET /api/v1/sse/stream/rude/r" + i + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                boolean complete = random.nextInt(10) > 0;
                socket.getOutputStream().write(request.substring(0, complete ? request.length() : 40).getBytes(US_ASCII));
                if (complete) {
                    socket.getInputStream().readNBytes(random.nextInt(2) * random.nextInt(300));
                }
            }
        }
    }

    @Test
    void whenTheClientIsOldThenItsStreamWorksTheSame() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            socket.getOutputStream().write("GET /api/v1/sse/stream/old HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
            StringBuilder text = new StringBuilder();
            while (!text.toString().contains("event: connected")) {
                text.append((char) socket.getInputStream().read());
            }
            assertThat(text).startsWith("HTTP/1.1 200 OK").doesNotContain("chunked");
        }
    }
}
