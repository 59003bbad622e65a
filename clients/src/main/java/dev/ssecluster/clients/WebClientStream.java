package dev.ssecluster.clients;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

// snippet
/** A stream with Spring's WebClient that ends only when the server says so for good. */
final class WebClientStream implements AutoCloseable {

    private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT = new ParameterizedTypeReference<>() { };

    private final WebClient client = WebClient.create();
    private final URI stream;
    private final Listener listener;
    private final Disposable subscription;
    private volatile @Nullable String cursor;
    private volatile Duration retry = Duration.ofSeconds(1);

    /** @param silence after which a connection is given up: more than two heartbeats */
    WebClientStream(URI stream, Duration silence, Listener listener) {
        this.stream = stream;
        this.listener = listener;
        this.subscription = Flux.defer(this::once)
                .timeout(silence)
                .onErrorResume(error -> error instanceof Final ? Flux.error(error) : Flux.empty())
                .repeatWhen(ends -> ends.concatMap(end -> Mono.delay(retry)))
                .subscribe(this::received, error -> listener.ended(String.valueOf(error.getMessage())));
    }

    private Flux<ServerSentEvent<String>> once() {
        return client.get().uri(stream)
                .headers(headers -> headers.set("Last-Event-ID", cursor == null ? "" : cursor))
                .exchangeToFlux(this::read);
    }

    private Flux<ServerSentEvent<String>> read(ClientResponse response) {
        HttpStatusCode status = response.statusCode();
        if (status.value() == 200) {
            return response.bodyToFlux(EVENT);
        }
        if (status.value() == 204 || status.is4xxClientError()) {
            return response.releaseBody().thenMany(Flux.error(new Final("HTTP " + status.value())));
        }
        response.headers().header("Retry-After").stream().findFirst()
                .ifPresent(seconds -> retry = Duration.ofSeconds(Long.parseLong(seconds)));
        return response.releaseBody().thenMany(Flux.empty());
    }

    private void received(ServerSentEvent<String> event) {
        if (event.retry() != null) {
            retry = event.retry();
        }
        if (event.id() != null) {
            cursor = event.id();
        }
        if (event.data() != null && isWhole(event)) { // else a heartbeat
            listener.event(event.event(), event.id(), event.data());
        }
    }

    /** The library also shows half of an event, when a connection ends in its midst; the id comes last. It comes again. */
    private static boolean isWhole(ServerSentEvent<String> event) {
        return event.id() != null || String.valueOf(event.event()).startsWith("sse.");
    }

    @Override
    public void close() {
        subscription.dispose();
    }

    @SuppressWarnings("serial")
    private static final class Final extends RuntimeException {

        Final(String message) {
            super(message);
        }
    }
}
