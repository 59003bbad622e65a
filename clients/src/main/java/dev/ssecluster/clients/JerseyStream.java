package dev.ssecluster.clients;

import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.client.ClientResponseContext;
import jakarta.ws.rs.client.ClientResponseFilter;
import jakarta.ws.rs.sse.InboundSseEvent;
import jakarta.ws.rs.sse.SseEventSource;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

// snippet
/** A stream with jersey-media-sse that ends only when the server says so for good. */
final class JerseyStream implements AutoCloseable, ClientRequestFilter, ClientResponseFilter {

    private final Client client;
    private final URI stream;
    private final Listener listener;
    private volatile @Nullable String cursor;
    private volatile int status;
    private volatile boolean closed;
    private volatile @Nullable SseEventSource source;

    /** @param silence after which a connection is given up: more than two heartbeats */
    JerseyStream(URI stream, Duration silence, Listener listener) {
        this.stream = stream;
        this.listener = listener;
        this.client = ClientBuilder.newBuilder()
                .readTimeout(silence.toMillis(), TimeUnit.MILLISECONDS)
                .register(this)
                .build();
        open();
    }

    private void open() {
        SseEventSource next = SseEventSource.target(client.target(stream)).build();
        next.register(this::received, error -> { }, this::completed);
        source = next;
        next.open();
    }

    /** The cursor is ours, not the library's: a new source would begin without one. */
    @Override
    public void filter(ClientRequestContext request) {
        String last = cursor;
        if (last != null) {
            request.getHeaders().putSingle("Last-Event-ID", last);
        }
    }

    @Override
    public void filter(ClientRequestContext request, ClientResponseContext response) {
        status = response.getStatus();
        SseEventSource asking = source;
        if (status == 204 && asking != null) {
            asking.close(); // the library would ask again and again
        }
    }

    private void received(InboundSseEvent event) {
        if (event.getId() != null) {
            cursor = event.getId();
        }
        if (!event.isEmpty() && isWhole(event)) { // else a heartbeat
            listener.event(event.getName(), event.getId(), event.readData());
        }
    }

    /** The library also shows half of an event, when a connection ends in its midst; the id comes last. It comes again. */
    private static boolean isWhole(InboundSseEvent event) {
        return event.getId() != null || String.valueOf(event.getName()).startsWith("sse.");
    }

    /** After anything but the end of a stream the library gives up. */
    private void completed() {
        if (closed) {
            return;
        }
        if (status == 204 || (status >= 400 && status < 500)) {
            listener.ended("HTTP " + status);
        } else {
            CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(this::open);
        }
    }

    @Override
    public void close() {
        closed = true;
        SseEventSource open = source;
        if (open != null) {
            open.close();
        }
        client.close();
    }
}
