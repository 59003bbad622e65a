package dev.ssecluster.test;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Answers each connection with the next of its responses, as it stands, and closes it; beyond the last one with the last. */
final class ScriptedServer implements AutoCloseable {

    static final String STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<String> responses;
    private final List<String> requests = new CopyOnWriteArrayList<>();

    ScriptedServer(String... responses) throws IOException {
        this.responses = new ArrayDeque<>(List.of(responses));
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The heads of the requests so far. */
    List<String> requests() {
        return requests;
    }

    private void serve() {
        try {
            while (!server.isClosed()) {
                answer(server.accept());
            }
        } catch (IOException e) {
            assert server.isClosed(); // the test is over
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            requests.add(head(socket.getInputStream()));
            String response = responses.size() > 1 ? responses.remove() : responses.element();
            socket.getOutputStream().write(response.getBytes(UTF_8));
        } catch (IOException e) {
            requests.add(e.toString()); // the client has cut it
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append((char) in.read());
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
