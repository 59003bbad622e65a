package dev.ssecluster.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A round-robin load balancer of one client's own, which can do to its connections what networks and other balancers do.
 * Thread-safe.
 */
final class Balancer implements AutoCloseable {

    private final List<Integer> nodes;
    private final ServerSocket server;
    private final AtomicInteger turn;
    private final List<Visit> visits = new CopyOnWriteArrayList<>();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile @Nullable String answer;
    private volatile boolean unreachable;

    /**
     * @param nodes their ports
     * @param first the index of the node that gets the first connection
     */
    Balancer(List<Integer> nodes, int first) throws IOException {
        this.nodes = nodes;
        this.turn = new AtomicInteger(first);
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + pathAndQuery);
    }

    /** The requests for a stream, in the order in which they came. */
    List<Visit> visits() {
        return List.copyOf(visits);
    }

    /** From now on streams are answered so, in place of a node; null: by the nodes again. */
    void answer(@Nullable String text) {
        answer = text;
    }

    /** Whether from now on nobody answers. */
    void unreachable(boolean isSo) {
        unreachable = isSo;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                sockets.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            close(); // the trial is over
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            if (unreachable) {
                client.setSoLinger(true, 0);
                return;
            }
            RequestHead head = RequestHead.read(client.getInputStream());
            if (head != null) {
                serve(client, head);
            }
        } catch (IOException e) {
            // What was tried on this connection stands in its visit.
        }
    }

    private void serve(Socket client, RequestHead head) throws IOException {
        String text = answer;
        if (text != null && head.isForStream()) {
            Visit visit = begin(head, -1, client);
            client.getOutputStream().write(text.replace("$origin", head.header("origin").orElse("null"))
                    .getBytes(StandardCharsets.UTF_8));
            client.shutdownOutput();
            visit.end();
        } else {
            connect(client, head);
        }
    }

    private void connect(Socket client, RequestHead head) throws IOException {
        for (int tried = 0; tried < nodes.size(); tried++) {
            int node = Math.floorMod(turn.getAndIncrement(), nodes.size());
            Socket upstream = reach(node);
            if (upstream != null) {
                sockets.add(upstream);
                forward(client, head, node, upstream);
                return;
            }
        }
    }

    private @Nullable Socket reach(int node) {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), nodes.get(node));
        } catch (IOException e) {
            return null; // it is down: the next one
        }
    }

    private void forward(Socket client, RequestHead head, int node, Socket upstream) throws IOException {
        if (head.isForStream()) {
            Visit visit = begin(head, node, client);
            upstream.getOutputStream().write(head.bytes());
            Thread.ofVirtual().start(() -> drain(client, upstream));
            visit.copy(upstream);
        } else {
            preflight(client, head, upstream);
        }
    }

    private Visit begin(RequestHead head, int node, Socket client) {
        Visit visit = new Visit(head, node, client);
        visits.add(visit);
        return visit;
    }

    /** A client says nothing more; when it leaves, so do we. */
    private void drain(Socket client, Socket upstream) {
        try (upstream) {
            client.getInputStream().transferTo(upstream.getOutputStream());
        } catch (IOException e) {
            // The other direction notices, too.
        }
    }

    /** One request and its answer for each connection. */
    private void preflight(Socket client, RequestHead head, Socket upstream) throws IOException {
        try (upstream) {
            List<String> lines = new CopyOnWriteArrayList<>(head.lines());
            lines.removeIf(line -> line.regionMatches(true, 0, "connection:", 0, 11));
            lines.add("Connection: close");
            upstream.getOutputStream().write(new RequestHead(lines).bytes());
            upstream.getInputStream().transferTo(client.getOutputStream());
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("A socket could not be closed", e);
        }
    }
}
