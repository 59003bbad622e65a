import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Slow loris against a node on this machine: that many connections each write a line of a request's head every second and never end it; those that
 * are cut are replaced. Meanwhile 100 sends per second show what others notice of it.
 *
 *   java loadtest/Loris.java PORT [CONNECTIONS=2000] [SECONDS=30] [head|body|silent]
 */
final class Loris {

    private static final String HEAD = "POST /api/v1/sse/broadcast HTTP/1.1\r\nHost: localhost\r\n";
    private static final long BETWEEN_SENDS = 10_000_000; // nanoseconds

    private final InetSocketAddress node;
    private final String beginning;
    private final String trickle;
    private final List<SocketChannel> connections = new ArrayList<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private int cut;

    private Loris(int port, String kind) {
        node = new InetSocketAddress("127.0.0.1", port);
        beginning = switch (kind) {
            case "body" -> HEAD + "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{";
            case "silent" -> "";
            default -> HEAD;
        };
        trickle = kind.equals("body") ? " " : kind.equals("silent") ? "" : "X-Slow: loris\r\n";
    }

    public static void main(String... arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int connections = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2000;
        int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 30;
        Loris loris = new Loris(port, arguments.length > 3 ? arguments[3] : "head");
        Thread crowd = Thread.ofPlatform().start(() -> loris.trickle(connections));
        long[] nanos = loris.send(port, seconds);
        loris.isOver.set(true);
        crowd.join();
        Arrays.sort(nanos);
        System.out.printf("%d connections, %d cut; sends: p50 %.2f ms, p99 %.2f ms, longest %.2f ms%n", connections, loris.cut,
                nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6, nanos[nanos.length - 1] / 1e6);
    }

    private long[] send(int port, int seconds) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/sse/send"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1}"))
                .build();
        long[] nanos = new long[(int) (seconds * 1_000_000_000L / BETWEEN_SENDS)];
        long due = System.nanoTime();
        for (int i = 0; i < nanos.length; i++) {
            due += BETWEEN_SENDS;
            LockSupport.parkNanos(due - System.nanoTime());
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + " " + answer.body());
            }
            nanos[i] = System.nanoTime() - due; // from when it was due: a late one delays those behind it
        }
        return nanos;
    }

    private void trickle(int count) {
        while (!isOver.get()) {
            long start = System.nanoTime();
            for (Iterator<SocketChannel> each = connections.iterator(); each.hasNext(); ) {
                if (isCut(each.next())) {
                    each.remove();
                    cut++;
                }
            }
            while (connections.size() < count && !isOver.get()) {
                connections.add(open());
            }
            LockSupport.parkNanos(1_000_000_000 - (System.nanoTime() - start));
        }
        connections.forEach(Loris::close);
    }

    private SocketChannel open() {
        try {
            SocketChannel connection = SocketChannel.open(node);
            connection.configureBlocking(false);
            connection.write(ByteBuffer.wrap(beginning.getBytes(StandardCharsets.US_ASCII)));
            return connection;
        } catch (IOException e) {
            throw new IllegalStateException("2000 connections need as many open files: ulimit -n 10000", e);
        }
    }

    private boolean isCut(SocketChannel connection) {
        try {
            connection.write(ByteBuffer.wrap(trickle.getBytes(StandardCharsets.US_ASCII)));
            if (connection.read(ByteBuffer.allocate(4096)) >= 0) {
                return false;
            }
        } catch (IOException e) {
            // reset
        }
        close(connection);
        return true;
    }

    private static void close(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
