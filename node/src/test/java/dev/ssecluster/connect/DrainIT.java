package dev.ssecluster.connect;

import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A node is asked to stop while clients listen and send. */
class DrainIT {

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration WINDOW = Duration.ofSeconds(3);
    private static final int STREAMS = 300;

    private final TestNode node = TestNode.start("sse.drain.window=" + WINDOW.toMillis() + "ms");
    private final int port = node.port();
    private final int managementPort = node.managementPort();
    private final List<SseClient> clients = new ArrayList<>();
    private final Map<SseClient, Duration> ends = new ConcurrentHashMap<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Integer> statuses = new ArrayList<>();

    @Test
    void whenANodeStopsThenItIsNotReadyRefusesAndSendsItsStreamsAwayInWavesWhileItTakesSends() throws Exception {
        for (int i = 0; i < STREAMS; i++) {
            clients.add(SseClient.open(port, "/stream/c" + i));
        }
        await().until(() -> clients.stream().allMatch(SseClient::isConnected));
        CountDownLatch sent = new CountDownLatch(1);
        Thread sender = Thread.ofPlatform().start(() -> send(sent));
        sent.await();
        long start = System.nanoTime();
        Thread stop = Thread.ofPlatform().start(() -> {
            node.close();
            stopped.set(true);
        });
        Thread watch = Thread.ofPlatform().start(() -> await().pollInterval(Duration.ofMillis(20)).until(() -> noteEnds(start)));
        await().until(() -> get(managementPort, "/actuator/health/readiness").statusCode() == 503);
        assertThat(clients).as("readiness goes down first, and the management port goes on").anyMatch(client -> !client.isEnded());
        assertThat(get(port, "/api/v1/sse/stream/late").body()).contains("\"reason\":\"drain\"");
        assertThat(get(managementPort, "/actuator/prometheus").body()).contains("sse_drain_active 1.0");
        watch.join();
        stop.join();
        sender.join();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(WINDOW.plusSeconds(5));
        checkGoodbyes();
        checkWaves();
        assertThat(statuses).as("sends that were answered").hasSizeGreaterThan(10).containsOnly(200);
    }

    private boolean noteEnds(long start) {
        Duration now = Duration.ofNanos(System.nanoTime() - start);
        clients.stream().filter(SseClient::isEnded).forEach(client -> ends.putIfAbsent(client, now));
        return ends.size() == STREAMS;
    }

    private void checkGoodbyes() {
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.received().getLast().type()).isEqualTo("sse.goaway");
            assertThat(client.received().getLast().data()).contains("\"drain\"");
            assertThat(client.retryMillis()).isBetween(1_000L, 5_000L);
        });
        assertThat(clients.stream().map(SseClient::retryMillis).distinct().count()).as("spread").isGreaterThan(STREAMS / 2);
        List<String> all = clients.getFirst().data();
        assertThat(all).as("what was sent before its goodbye").isNotEmpty().doesNotHaveDuplicates();
    }

    /** Evenly over the window, one every 100 ms. */
    private void checkWaves() {
        Map<Long, Long> waves = ends.values().stream()
                .collect(Collectors.groupingBy(end -> end.toMillis() / 100, Collectors.counting()));
        assertThat(waves).as("ends by tenths of a second").hasSizeGreaterThanOrEqualTo(5);
    }

    /** Until nobody listens any more; a send that is accepted must be answered. */
    private void send(CountDownLatch first) {
        for (int i = 0; !stopped.get(); i++) {
            try {
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/sse/broadcast"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"event_type\":\"t\",\"data\":" + i + ",\"persist\":true}")).build();
                statuses.add(CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
                first.countDown();
            } catch (IOException e) {
                return; // the port is closed
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(5)).build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
