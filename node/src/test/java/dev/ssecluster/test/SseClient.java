package dev.ssecluster.test;

import dev.ssecluster.loadtest.SseParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** A stream over a plain socket, read by a thread of its own. */
public final class SseClient implements AutoCloseable {

    private final Socket socket;
    private final SseParser parser = new SseParser();
    private final List<SseParser.Received> received = new CopyOnWriteArrayList<>();
    private final String head;
    private final InputStream in;
    private volatile boolean ended;

    private SseClient(int port, String path, String headers) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        String request = "GET /api/v1/sse" + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + headers + "\r\n";
        socket.getOutputStream().write(request.getBytes(UTF_8));
        in = socket.getInputStream();
        head = readHead();
    }

    /** Opens a stream and starts to read; {@code headers} are whole lines, each with its line break. */
    public static SseClient open(int port, String path, String... headers) {
        try {
            SseClient client = openWithoutReading(port, path, headers);
            Thread.ofVirtual().start(client::read);
            return client;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Opens a stream of which only the response's head is read: a peer that stalls. */
    public static SseClient openWithoutReading(int port, String path, String... headers) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String header : headers) {
            lines.append(header).append("\r\n");
        }
        return new SseClient(port, path, lines.toString());
    }

    private String readHead() throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            text.append(new String(new byte[] {(byte) b}, ISO_8859_1));
        }
        return text.toString();
    }

    private void read() {
        byte[] buffer = new byte[64 * 1024];
        try {
            int count;
            while ((count = in.read(buffer)) >= 0) {
                received.addAll(parser.feed(buffer, count));
            }
        } catch (IOException e) {
            // the end of the stream, one way or another
        }
        ended = true;
    }

    /** The response's status line and headers. */
    public String head() {
        return head;
    }

    public Socket socket() {
        return socket;
    }

    /** Everything received, {@code connected} and the server's own events included. */
    public List<SseParser.Received> received() {
        return received;
    }

    /** The publishers' events received. */
    public List<SseParser.Received> events() {
        return received.stream().filter(e -> !e.type().equals("connected") && !e.type().startsWith("sse.")).toList();
    }

    /** The data of the publishers' events received. */
    public List<String> data() {
        return events().stream().map(SseParser.Received::data).toList();
    }

    public boolean isConnected() {
        return received.stream().anyMatch(e -> e.type().equals("connected"));
    }

    /** Whether the server ended the stream, or {@link #close} did. */
    public boolean isEnded() {
        return ended;
    }

    public String lastEventId() {
        return parser.lastEventId();
    }

    public long retryMillis() {
        return parser.retryMillis();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
