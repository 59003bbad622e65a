package dev.ssecluster.limit;

import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.test.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A whole node under those who take more than their share. README has the figures of the same. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("the log has to be its own")
class LimitsIT {

    private static final int HOSTILE = 2_000;
    private static final int SENDS = 100;
    private static final String MESSAGE = "{\"event_type\":\"t\",\"data\":1}";
    private static final String POST = "POST /api/v1/sse/broadcast HTTP/1.1\r\nHost: localhost\r\n";

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start("sse.http.header-timeout=2s", "sse.http.body-timeout=2s", "sse.publish.rate=1000",
                "sse.http.trusted-proxies=127.0.0.1");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void whenHeadsNeverEndThenSendsPassAndTheConnectionsAreCut(CapturedOutput log) throws IOException {
        try (Crowd crowd = new Crowd(POST)) {
            assertThat(crowd.trickle("X-Slow: loris\r\n")).isPositive();
            crowd.trickleWhile("X-Slow: loris\r\n", LimitsIT::send);
            await().atMost(10, SECONDS).until(() -> crowd.trickle("X-Slow: loris\r\n") == 0);
        }
        assertThat(node.counter(MeterNames.CONNECTIONS_CUT, "reason", "head")).isEqualTo(HOSTILE);
        assertThat(log).doesNotContain(" WARN ", " ERROR ", "\tat ");
    }

    @Test
    void whenBodiesTrickleThenSendsPassAndTheConnectionsAreCut(CapturedOutput log) throws IOException {
        try (Crowd crowd = new Crowd(POST + "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{")) {
            assertThat(crowd.trickle(" ")).isPositive();
            crowd.trickleWhile(" ", LimitsIT::send);
            await().atMost(15, SECONDS).until(() -> crowd.trickle(" ") == 0);
        }
        assertThat(log).doesNotContain(" WARN ", " ERROR ", "\tat ");
    }

    @Test
    void whenACallerSendsTooFastThenItIsToldWhenToComeBackAndNothingIsSent() {
        String batch = "{\"messages\":[" + "{\"target\":{\"broadcast\":true},\"event_type\":\"t\",\"data\":1},".repeat(999)
                + "{\"target\":{\"broadcast\":true},\"event_type\":\"t\",\"data\":1}]}";
        assertThat(node.post("/send/batch", batch, "X-Forwarded-For", "192.0.2.1").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = node.post("/send/batch", batch, "X-Forwarded-For", "192.0.2.1");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.body()).contains("urn:sse-cluster:problem:too-many-requests");
        assertThat(node.post("/broadcast", MESSAGE, "X-Forwarded-For", "192.0.2.2").statusCode()).isEqualTo(200);
    }

    private static void send() {
        for (int i = 0; i < SENDS; i++) {
            assertThat(node.post("/broadcast", MESSAGE).statusCode()).isEqualTo(200);
        }
    }

    /** Many connections that have all begun a request. */
    private static final class Crowd implements AutoCloseable {

        private final List<SocketChannel> connections = new ArrayList<>();

        Crowd(String beginning) throws IOException {
            for (int i = 0; i < HOSTILE; i++) {
                SocketChannel connection = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
                connection.configureBlocking(false);
                connections.add(connection);
                connection.write(ByteBuffer.wrap(beginning.getBytes(StandardCharsets.US_ASCII)));
            }
        }

        void trickleWhile(String text, Runnable work) {
            CompletableFuture<Void> done = CompletableFuture.runAsync(work);
            await().pollInterval(Duration.ofMillis(200)).atMost(10, SECONDS).until(() -> {
                trickle(text);
                return done.isDone();
            });
            done.join();
        }

        /** Writes a little on each connection and forgets those that are closed; how many are left. */
        int trickle(String text) {
            connections.removeIf(connection -> isOver(connection, text));
            return connections.size();
        }

        private static boolean isOver(SocketChannel connection, String text) {
            try {
                connection.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
                return connection.read(ByteBuffer.allocate(2048)) < 0 && close(connection);
            } catch (IOException e) {
                return close(connection);
            }
        }

        private static boolean close(SocketChannel connection) {
            try {
                connection.close();
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            connections.forEach(Crowd::close);
        }
    }
}
