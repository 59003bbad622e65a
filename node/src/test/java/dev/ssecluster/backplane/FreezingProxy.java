package dev.ssecluster.backplane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Stands between a node and Redis: makes connections deaf that stay open, and spoils answers. */
final class FreezingProxy implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Spoiling> spoiling = new AtomicReference<>();
    private volatile int redisPort;

    FreezingProxy(int redisPort) throws IOException {
        this.redisPort = redisPort;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** New connections lead there, as after a failover; those that are open stay where they are. */
    void switchTo(int port) {
        redisPort = port;
    }

    void freezeThoseThatSent(String word) {
        links.stream().filter(link -> link.hasSent(word)).forEach(link -> link.frozen = true);
    }

    /** The next answer of Redis that matches becomes another; its bytes as ISO-8859-1. */
    void spoil(Pattern answer, String replacement) {
        spoiling.set(new Spoiling(answer, replacement));
    }

    /** Whether that has happened. */
    boolean hasSpoiled() {
        return spoiling.get() == null;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Link link : links) {
            link.close();
        }
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Link link = new Link(server.accept(), new Socket(InetAddress.getLoopbackAddress(), redisPort));
                links.add(link);
                Thread.ofVirtual().start(() -> link.copy(link.node, link.redis, true));
                Thread.ofVirtual().start(() -> link.copy(link.redis, link.node, false));
            }
        } catch (IOException e) {
            links.forEach(Link::close); // the test is over
        }
    }

    private record Spoiling(Pattern answer, String replacement) {}

    private byte[] spoiled(byte[] answer) {
        Spoiling now = spoiling.get();
        String text = new String(answer, ISO_8859_1);
        if (now == null || !now.answer.matcher(text).find()) {
            return answer;
        }
        spoiling.set(null);
        return now.answer.matcher(text).replaceFirst(now.replacement).getBytes(ISO_8859_1);
    }

    private final class Link {

        private final Socket node;
        private final Socket redis;
        private final List<String> sent = new CopyOnWriteArrayList<>();
        private volatile boolean frozen;

        Link(Socket node, Socket redis) {
            this.node = node;
            this.redis = redis;
        }

        boolean hasSent(String word) {
            return sent.stream().anyMatch(part -> part.contains(word));
        }

        void copy(Socket from, Socket to, boolean isFromNode) {
            byte[] buffer = new byte[65_536];
            try {
                for (int n = from.getInputStream().read(buffer); n >= 0; n = from.getInputStream().read(buffer)) {
                    if (isFromNode) {
                        sent.add(new String(buffer, 0, n, ISO_8859_1));
                    }
                    if (!frozen) {
                        byte[] bytes = Arrays.copyOf(buffer, n);
                        to.getOutputStream().write(isFromNode ? bytes : spoiled(bytes));
                    }
                }
            } catch (IOException e) {
                frozen = true;
            }
            close();
        }

        void close() {
            try (node; redis) {
                frozen = true;
            } catch (IOException e) {
                frozen = true;
            }
        }
    }
}
