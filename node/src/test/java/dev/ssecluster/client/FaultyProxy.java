package dev.ssecluster.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Stands between a browser and a node, and does to streams what proxies do to them. Other requests pass. Thread-safe. */
final class FaultyProxy implements AutoCloseable {

    private static final String STREAM = "GET /api/v1/sse/stream";
    private static final String BAD_GATEWAY = "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>502</h1>";

    private final ServerSocket server;
    private final int target;
    private final Queue<Socket> streams = new ConcurrentLinkedQueue<>();
    private volatile Fault fault = Fault.NONE;

    /** What happens to a stream. */
    enum Fault {
        NONE,
        /** A page of the proxy's own, as when no server is there. */
        BAD_GATEWAY,
        /** The head of the answer passes, its body is kept. */
        KEPT_BODY,
        /** Nothing passes any more, although all connections stay open. */
        SILENCE
    }

    private FaultyProxy(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    static FaultyProxy to(int target) {
        try {
            FaultyProxy proxy = new FaultyProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on, for open streams and later ones. */
    void set(Fault next) {
        fault = next;
    }

    /** Ends all streams. */
    void cut() {
        streams.forEach(FaultyProxy::close);
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            assert server.isClosed(); // the test is over
        }
    }

    private void serve(Socket client) {
        try (client; Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target)) {
            Thread.ofVirtual().start(() -> requests(client, upstream));
            answers(client, upstream);
        } catch (IOException e) {
            close(client); // one of them has ended; so does the other
        }
    }

    /** One piece each: they are short, and a browser sends the next after the answer. */
    private void requests(Socket client, Socket upstream) {
        byte[] request = new byte[64 * 1024];
        try (client; upstream) {
            for (int count = client.getInputStream().read(request); count > 0; count = client.getInputStream().read(request)) {
                boolean isStream = new String(request, 0, count, ISO_8859_1).startsWith(STREAM);
                if (isStream && fault == Fault.BAD_GATEWAY) {
                    client.getOutputStream().write(BAD_GATEWAY.getBytes(ISO_8859_1));
                    return;
                }
                if (isStream) {
                    streams.add(client);
                }
                upstream.getOutputStream().write(request, 0, count);
            }
        } catch (IOException e) {
            close(upstream);
        }
    }

    private void answers(Socket client, Socket upstream) throws IOException {
        byte[] answer = new byte[64 * 1024];
        InputStream in = upstream.getInputStream();
        OutputStream out = client.getOutputStream();
        for (int count = in.read(answer); count > 0; count = in.read(answer)) {
            out.write(answer, 0, streams.contains(client) ? passing(new String(answer, 0, count, ISO_8859_1)) : count);
        }
    }

    private int passing(String answer) {
        return switch (fault) {
            case NONE, BAD_GATEWAY -> answer.length();
            case SILENCE -> 0;
            case KEPT_BODY -> answer.startsWith("HTTP/") ? answer.indexOf("\r\n\r\n") + 4 : 0;
        };
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        cut();
        close(server);
    }
}
