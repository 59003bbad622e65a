package dev.ssecluster.test;

import dev.ssecluster.loadtest.SseParser;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Does what the HTML standard (section 9.2, "Server-sent events") says of {@code EventSource}, and nothing better: after the end
 * of a response or a network error it comes back after the reconnection time, to whatever port it is given then, with the last
 * event ID of its parser; after a status other than 200 or another media type it has failed for good, which no server of ours
 * may cause. Only its patience is shorter: a test is not made to wait for more than {@value #MOST_PATIENCE_MILLIS} ms.
 *
 * <p>Reads on a virtual thread of its own; all methods may be called by any thread. Can cut its connection at any byte.
 */
public final class ResumingClient implements AutoCloseable {

    private static final long MOST_PATIENCE_MILLIS = 1_000;
    private static final long FIRST_PATIENCE_MILLIS = 100; // the standard leaves it open
    private static final int BUFFER = 4 * 1024; // there may be thousands

    /**
     * An event as it was received.
     *
     * @param connection the number of the connection it came on, from 1
     * @param micros when, microseconds since the epoch by this machine's clock
     */
    public record Receipt(SseParser.Received event, int connection, long micros) {

        public String type() {
            return event.type();
        }

        /** The event id: what stands before any {@code ~}; -1 when it is not a number. */
        public long id() {
            String digits = event.lastEventId().split("~", 2)[0];
            return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
        }

        public boolean isOfServer() {
            return type().equals("connected") || type().startsWith("sse.");
        }
    }

    private final IntSupplier ports;
    private final String path;
    private final List<Receipt> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile String lastEventId;
    private volatile long patienceMillis = FIRST_PATIENCE_MILLIS;
    private volatile int connections;
    private volatile long limit = Long.MAX_VALUE;
    private volatile long lengthOfLast;
    private volatile @Nullable Socket socket;
    private volatile @Nullable String failure;

    private ResumingClient(IntSupplier ports, String path, String lastEventId) {
        this.ports = ports;
        this.path = path;
        this.lastEventId = lastEventId;
    }

    /** Opens a stream; {@code path} is below the API's base. Asks for a port whenever it connects. */
    public static ResumingClient open(IntSupplier ports, String path) {
        return new ResumingClient(ports, path, "").start();
    }

    /** Opens a stream as a client that was cut off with that last event ID. */
    public static ResumingClient resume(IntSupplier ports, String path, String lastEventId) {
        return new ResumingClient(ports, path, lastEventId).start();
    }

    /** The same, but its first connection is cut after exactly so many bytes of the body. */
    public static ResumingClient resumeAndCut(IntSupplier ports, String path, String lastEventId, long bytes) {
        ResumingClient client = new ResumingClient(ports, path, lastEventId);
        client.limit = bytes;
        return client.start();
    }

    private ResumingClient start() {
        Thread.ofVirtual().name("resuming client ", 0).start(this::run);
        return this;
    }

    /** Cuts the connection now, with a reset or, politely, a FIN. */
    public void cut(boolean rudely) {
        Socket current = socket;
        if (current != null) {
            cut(current, rudely);
        }
    }

    private static void cut(Socket socket, boolean rudely) {
        try (socket) {
            socket.setSoLinger(rudely, 0);
        } catch (IOException e) {
            assert socket.isClosed(); // it ended by itself in this moment
        }
    }

    /** Its next connection, or this one if it has not brought that many yet, is cut after so many bytes of the body; once. */
    public void cutAfter(long bytes) {
        limit = bytes;
    }

    /** From now on its connection is deaf and dumb, without a FIN, and it does not come back. */
    public void vanish() {
        Socket current = socket;
        closed.countDown();
        if (current != null) {
            PacketFilter.dropAll(current);
        }
    }

    /** Everything received on all connections, the server's own events included. */
    public List<Receipt> received() {
        return received;
    }

    /** The publishers' events received. */
    public List<Receipt> events() {
        return received.stream().filter(receipt -> !receipt.isOfServer()).toList();
    }

    /** The data of the publishers' events received. */
    public List<String> data() {
        return events().stream().map(receipt -> receipt.event().data()).toList();
    }

    /** The data of those events. */
    public List<String> data(String type) {
        return received.stream().filter(receipt -> receipt.type().equals(type)).map(receipt -> receipt.event().data()).toList();
    }

    /** Whether the connection of now has been greeted. */
    public boolean isConnected() {
        int current = connections;
        return received.stream().anyMatch(receipt -> receipt.connection() == current && receipt.type().equals("connected"));
    }

    /** Responses that were event streams, so far. */
    public int connections() {
        return connections;
    }

    /** Why it gave up for good; null while it has not. */
    public @Nullable String failure() {
        return failure;
    }

    /** What it would send on reconnecting now. */
    public String lastEventId() {
        return lastEventId;
    }

    /** Bytes of the body on the connection of now, or of the last one. */
    public long lengthOfLast() {
        return lengthOfLast;
    }

    /** Ends it: it does not come back. */
    @Override
    public void close() {
        closed.countDown();
        cut(false);
    }

    private void run() {
        try {
            while (failure == null && closed.getCount() > 0) {
                connect();
                var _ = failure == null && closed.await(patienceMillis, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connect() {
        try (Socket current = new Socket(InetAddress.getLoopbackAddress(), ports.getAsInt())) {
            socket = current;
            ask(current);
            InputStream in = new BufferedInputStream(current.getInputStream(), BUFFER);
            failure = refusal(head(in));
            if (failure == null) {
                read(current, in);
            }
        } catch (IOException e) {
            socket = null; // a network error; the standard says: reestablish the connection
        }
    }

    private void ask(Socket current) throws IOException {
        String cursor = lastEventId;
        String request = "GET /api/v1/sse" + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nCache-Control: no-store\r\n"
                + (cursor.isEmpty() ? "" : "Last-Event-ID: " + cursor + "\r\n") + "\r\n";
        current.getOutputStream().write(request.getBytes(UTF_8));
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < 4 || text.indexOf("\r\n\r\n", text.length() - 4) < 0) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            text.append((char) b);
        }
        return text.toString();
    }

    private static @Nullable String refusal(String head) {
        String line = head.lines().findFirst().orElse("");
        if (!line.startsWith("HTTP/1.1 200")) {
            return line;
        }
        return head.toLowerCase(Locale.ROOT).contains("content-type: text/event-stream") ? null : "media type in " + head;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only this thread writes them
    private void read(Socket current, InputStream in) throws IOException {
        connections++;
        SseParser parser = new SseParser(lastEventId);
        byte[] buffer = new byte[BUFFER];
        lengthOfLast = 0;
        long left = limit; // which others may change at any time
        for (int count = 0; count >= 0 && left > 0; left = limit - lengthOfLast) {
            count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            take(parser, buffer, Math.max(0, count));
        }
        limit = left > 0 ? limit : Long.MAX_VALUE;
        cut(current, true);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only this thread writes them
    private void take(SseParser parser, byte[] buffer, int count) {
        long now = TimeUnit.MILLISECONDS.toMicros(InstantSource.system().millis());
        lengthOfLast += count;
        received.addAll(parser.feed(buffer, count).stream().map(event -> new Receipt(event, connections, now)).toList());
        lastEventId = parser.lastEventId();
        patienceMillis = parser.retryMillis() < 0 ? patienceMillis : Math.min(parser.retryMillis(), MOST_PATIENCE_MILLIS);
    }
}
