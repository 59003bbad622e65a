package dev.ssecluster.loadtest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A cluster of one node that is as simple as can be, and delivers the 20th event wrongly where it is told to. */
final class FaultyNode implements AutoCloseable {

    enum Fault {
        NONE,
        LOSES,
        REPEATS,
        REORDERS,
        DELIVERS_THE_REFUSED,
        REFUSES_ALL,
        REFUSES_STREAMS
    }

    private record Listener(int number, List<String> names, OutputStream out) {}

    private static final Pattern BODY = Pattern.compile(
            "\\{(?:\"(user_id|client_id|group)\":\"([^\"]+)\",)?\"event_type\":\"([^\"]+)\",\"priority\":([012]),\"data\":([0-9]+)}");

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Listener> listeners = new ArrayList<>();
    private final Fault fault;
    private long accepted;
    private @Nullable String withheld;

    FaultyNode(Fault fault) throws IOException {
        this.fault = fault;
        server.createContext("/api/v1/sse/stream", this::open);
        server.createContext("/api/v1/sse/", this::send);
        server.setExecutor(threads);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void open(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(fault == Fault.REFUSES_STREAMS ? 403 : 200, 0);
        OutputStream out = exchange.getResponseBody();
        synchronized (this) {
            out.write("event: connected\nid: 1\ndata: {}\n\n".getBytes(UTF_8));
            out.flush();
            listeners.add(new Listener(listeners.size(), names(exchange.getRequestURI()), out));
        }
        try (exchange) {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> names(URI uri) {
        List<String> names = new ArrayList<>();
        for (String parameter : uri.getQuery().split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            names.add((parts[0].equals("id") ? "client_id" : parts[0]) + "=" + parts[1]);
        }
        return names;
    }

    private void send(HttpExchange exchange) throws IOException {
        var body = BODY.matcher(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        if (!body.matches()) {
            answer(exchange, 400, "{}");
            return;
        }
        String target = body.group(1) == null ? "everyone" : body.group(1) + "=" + body.group(2);
        answer(exchange, target, "event: " + body.group(3) + "\ndata: " + body.group(5) + "\n");
    }

    private synchronized void answer(HttpExchange exchange, String target, String event) throws IOException {
        if (fault == Fault.REFUSES_ALL) {
            answer(exchange, 503, "{\"outcome\":\"not_sent\"}");
            return;
        }
        accepted++;
        deliver(target, event + "id: " + (1_000 + accepted) + "\n\n");
        boolean refused = fault == Fault.DELIVERS_THE_REFUSED && accepted == 20;
        answer(exchange, refused ? 503 : 200, refused ? "{\"outcome\":\"not_sent\"}" : "{\"data\":{\"event_id\":\"" + (1_000 + accepted) + "\"}}");
    }

    private void deliver(String target, String block) throws IOException {
        for (Listener listener : listeners) {
            if (target.equals("everyone") || listener.names.contains(target)) {
                listener.out.write(blocks(listener, block).getBytes(UTF_8));
                listener.out.flush();
            }
        }
    }

    /** The first listener gets the 20th event wrongly, or the first one after it that is for it. */
    private String blocks(Listener listener, String block) {
        boolean wrong = accepted >= 20 && withheld == null && listener.number == 0;
        String late = withheld == null || listener.number != 0 ? "" : withheld;
        if (wrong) {
            withheld = fault == Fault.REORDERS ? block : "";
            return fault == Fault.LOSES || fault == Fault.REORDERS ? "" : fault == Fault.REPEATS ? block + block : block;
        }
        if (!late.isEmpty() && accepted > 60) { // surely one of the same priority has come between
            withheld = "";
            return block + late;
        }
        return block;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.sendResponseHeaders(status, body.length());
        try (exchange) {
            exchange.getResponseBody().write(body.getBytes(UTF_8));
        }
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }
}
