package dev.ssecluster.loadtest;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does what the HTML standard (section 9.2, "Server-sent events") says of {@code EventSource}, and nothing better: after the
 * end of a response or a failed connection it comes back after the reconnection time, with the last event ID; after a status
 * other than 200 or another media type it gives up for good. Reads on a virtual thread of its own.
 */
final class EventSource implements AutoCloseable {

    /** Hears the events, on the reading thread. */
    interface Listener {

        /** {@code nanos}: when its last bytes had been read, by {@link System#nanoTime}. */
        void onEvent(SseParser.Received event, long nanos);
    }

    private static final long DEFAULT_RECONNECTION_MILLIS = 3_000; // the standard: a few seconds
    private static final int BUFFER = 16 * 1024;

    private final HttpClient http;
    private final URI uri;
    private final Listener listener;
    private final Thread thread;
    private String lastEventId = "";
    private long reconnectionMillis = DEFAULT_RECONNECTION_MILLIS;
    private volatile boolean closed;
    private volatile int connections;
    private volatile @Nullable String failure;

    /** Whether redirects are followed, as a browser does, is up to {@code http}. */
    EventSource(HttpClient http, URI uri, Listener listener) {
        this.http = http;
        this.uri = uri;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("stream ", 0).unstarted(this::run);
    }

    EventSource start() {
        thread.start();
        return this;
    }

    /** Responses that were event streams, so far. */
    int connections() {
        return connections;
    }

    /** Why it gave up for good; null while it has not. */
    @Nullable String failure() {
        return failure;
    }

    /** Whether it reads, or will. */
    boolean isAlive() {
        return thread.isAlive();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed && failure == null) {
                connect();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // by close: the thread ends here
        }
    }

    private void connect() throws InterruptedException {
        try {
            HttpResponse<InputStream> response = http.send(request(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                failure = refusal(response);
                if (failure == null) {
                    read(body);
                }
            }
        } catch (IOException e) {
            // a network error; the standard says: reestablish the connection
        }
        if (!closed && failure == null) {
            TimeUnit.MILLISECONDS.sleep(reconnectionMillis);
        }
    }

    private HttpRequest request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Accept", "text/event-stream")
                .header("Cache-Control", "no-store");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        return request.build();
    }

    private static @Nullable String refusal(HttpResponse<?> response) {
        String type = response.headers().firstValue("Content-Type").orElse("none");
        if (response.statusCode() != 200) {
            return "status " + response.statusCode();
        }
        String essence = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return essence.equals("text/event-stream") ? null : "media type " + type;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only this thread writes it
    private void read(InputStream body) throws IOException {
        connections++;
        SseParser parser = new SseParser(lastEventId);
        byte[] buffer = new byte[BUFFER];
        int count;
        while (!closed && (count = body.read(buffer)) >= 0) {
            long now = System.nanoTime();
            parser.feed(buffer, count).forEach(event -> listener.onEvent(event, now));
            lastEventId = parser.lastEventId();
            reconnectionMillis = parser.retryMillis() < 0 ? reconnectionMillis : parser.retryMillis();
        }
    }
}
