package dev.ssecluster.loadtest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The program against a node that says yes to everything, or no to one call. */
class ExerciseTests {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Set<String> paths = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private volatile String refused = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.createContext("/api/v1/sse", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/api/v1/sse".length());
        paths.add(path);
        exchange.getRequestBody().readAllBytes();
        byte[] body = "event: connected {\"data\":{\"event_id\":\"1795417625969409\",\"nodes\":1}}\n\n".getBytes(UTF_8);
        exchange.sendResponseHeaders(path.equals(refused) ? 503 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private int run(String... arguments) {
        return Exercise.run(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), arguments);
    }

    private String node() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Test
    void whenEveryCallIsAnsweredThenItIsGoodAndAllKindsWereMade() {
        assertThat(run("--seconds", "1", node())).as(err.toString(UTF_8)).isZero();
        assertThat(paths).contains("/stream", "/send", "/send/group", "/broadcast", "/send/batch", "/subscribe", "/unsubscribe",
                "/subscriptions", "/messages", "/messages/pending", "/messages/unread", "/messages/read", "/info",
                "/group/exercise-news");
        assertThat(out.toString(UTF_8)).matches("[0-9]{3,} calls made\\R");
    }

    @Test
    void whenOneCallIsRefusedThenItSaysWhich() {
        refused = "/messages/read";
        assertThat(run("--seconds", "1", node())).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("/messages/read was answered 503");
    }

    @Test
    void whenTheNodeIsNotOnLoopbackThenItIsNotCalled() {
        assertThat(run("http://example.com")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("only loopback addresses are allowed");
    }
}
