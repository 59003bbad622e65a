package dev.ssecluster.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One request for a stream, and what became of it: to a node, or answered in its place. Thread-safe.
 */
final class Visit {

    private final RequestHead head;
    private final int node;
    private final Socket client;
    private final long began = System.nanoTime();
    private final Transcript transcript = new Transcript();
    private volatile long ended;
    private volatile boolean silent;
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile @Nullable String marker;

    /** @param node the index of the node, or -1 if none was asked */
    Visit(RequestHead head, int node, Socket client) {
        this.head = head;
        this.node = node;
        this.client = client;
    }

    int node() {
        return node;
    }

    /** The cursor with which the client came, in the header or the query. */
    Optional<String> cursor() {
        return head.header("last-event-id").or(() -> head.parameter("last_event_id"));
    }

    Transcript transcript() {
        return transcript;
    }

    boolean isOver() {
        return ended != 0;
    }

    /** From the end of that visit to the beginning of this. */
    Duration since(Visit earlier) {
        return Duration.ofNanos(began - earlier.ended);
    }

    /** As when a network drops it: both sides see a reset. */
    void cut() {
        try {
            client.setSoLinger(true, 0);
            client.close();
        } catch (IOException e) {
            throw new IllegalStateException("It was over before it was cut", e);
        }
    }

    /** As when it is quiet: what comes is passed on later. */
    void hold() {
        held = new CountDownLatch(1);
    }

    void release() {
        held.countDown();
    }

    /** As when a network swallows it: nothing comes any more, and nobody says so. */
    void silence() {
        silent = true;
    }

    /** Ends it in an orderly way, but behind those characters of an event. */
    void tearBehind(String text) {
        marker = text;
    }

    /** Copies until either side has ended. */
    void copy(Socket upstream) {
        byte[] buffer = new byte[16 * 1024];
        try (client; upstream) {
            InputStream in = upstream.getInputStream();
            OutputStream out = client.getOutputStream();
            boolean goesOn = true;
            for (int count = in.read(buffer); goesOn && count >= 0; count = goesOn ? in.read(buffer) : -1) {
                held.await();
                goesOn = silent || forward(buffer, count, out);
            }
        } catch (IOException e) {
            // One of the two has gone, which is what is being tried.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private boolean forward(byte[] buffer, int count, OutputStream out) throws IOException {
        int torn = transcript.take(buffer, count, marker);
        out.write(buffer, 0, torn < 0 ? count : torn);
        return torn < 0;
    }

    void end() {
        ended = System.nanoTime();
    }

    @Override
    public String toString() {
        return "node " + node + " from " + cursor().orElse("the start") + " to " + transcript.lastId()
                + (isOver() ? " over" : " open") + ", heartbeats " + transcript.heartbeats();
    }
}
