package dev.ssecluster.loadtest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class EventSourceTests {

    private record Answer(int status, String type, String body) {}

    private static final String STREAM = "text/event-stream";

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<String> cursors = new CopyOnWriteArrayList<>();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private EventSource source;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
        source = new EventSource(HttpClient.newHttpClient(), URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"),
                (event, nanos) -> received.add(event.type() + ":" + event.data()));
    }

    @AfterEach
    void stop() {
        source.close();
        end.countDown();
        server.stop(0);
        threads.close();
    }

    /** The answers in turn; when there are none left, a stream that stays open and says nothing yet. */
    private void answer(HttpExchange exchange) throws IOException {
        @Nullable String cursor = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        cursors.add(cursor == null ? "none" : cursor);
        Answer answer = answers.poll();
        exchange.getResponseHeaders().set("Content-Type", answer == null ? STREAM : answer.type);
        exchange.sendResponseHeaders(answer == null ? 200 : answer.status, 0);
        try (exchange) {
            exchange.getResponseBody().write((answer == null ? ":\n" : answer.body).getBytes(UTF_8));
            exchange.getResponseBody().flush();
            if (answer == null) {
                end.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whenTheStreamEndsThenItComesBackWithTheLastId() {
        answers.add(new Answer(200, STREAM, "retry: 1\nid: 7\ndata: a\n\n"));
        answers.add(new Answer(200, STREAM + ";charset=UTF-8", "id: 8~1-2-3\nevent: t\ndata: b\n\nid: 9\ndata: cut"));
        source.start();
        await().until(() -> source.connections() == 3);
        assertThat(cursors).containsExactly("none", "7", "8~1-2-3");
        assertThat(received).containsExactly("message:a", "t:b");
        assertThat(source.failure()).isNull();
    }

    @Test
    void whenTheStatusIsNot200ThenItGivesUpForGood() {
        answers.add(new Answer(503, STREAM, "data: a\n\n"));
        source.start();
        await().until(() -> source.failure() != null);
        assertThat(source.failure()).isEqualTo("status 503");
        assertThat(received).isEmpty();
    }

    @Test
    void whenTheMediaTypeIsAnotherThenItGivesUpForGood() {
        answers.add(new Answer(200, "application/json", "data: a\n\n"));
        source.start();
        await().until(() -> source.failure() != null);
        assertThat(source.failure()).isEqualTo("media type application/json");
        assertThat(received).isEmpty();
    }

    @Test
    void whenTheServerIsAwayThenItTriesUntilItIsBack() throws IOException {
        answers.add(new Answer(200, STREAM, "retry: 1\nid: 7\n\n"));
        source.start();
        await().until(() -> source.connections() == 2);
        InetSocketAddress address = server.getAddress();
        end.countDown();
        server.stop(0);
        int before = source.connections();
        server = HttpServer.create(address, 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
        await().until(() -> source.connections() > before);
        assertThat(cursors.stream().skip(1)).containsOnly("7"); // a snapshot: it goes on meanwhile
    }

    @Test
    void whenABlockOfTheNextResponseHasNoIdThenTheLastIdIsGone() {
        answers.add(new Answer(200, STREAM, "retry: 1\nid: 7\n\n"));
        answers.add(new Answer(200, STREAM, "retry: 1\n\n"));
        source.start();
        await().until(() -> source.connections() == 3);
        assertThat(cursors).containsExactly("none", "7", "none");
    }

    @Test
    void whenClosedThenItStops() {
        source.start();
        await().until(() -> source.connections() == 1);
        source.close();
        await().until(() -> !source.isAlive());
    }
}
