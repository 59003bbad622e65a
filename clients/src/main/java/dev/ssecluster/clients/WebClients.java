package dev.ssecluster.clients;

import java.net.URI;
import java.util.Map;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;

/** Spring's {@code WebClient}, from {@code spring-webflux}. */
final class WebClients {

    private WebClients() {}

    static Client client() {
        return new Client("WebClient", Map.of(
                Level.LIBRARY, (stream, diary) -> open(WebClient.create(), stream, diary),
                Level.APPLICATION, (stream, diary) -> new WebClientStream(stream, Subject.SILENCE, diary)::close));
    }

    private static Runnable open(WebClient client, URI stream, Diary diary) {
        Disposable subscription = client.get().uri(stream).retrieve()
                .bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() { })
                .subscribe(
                        event -> diary.event(event.event(), event.id(), event.data()),
                        error -> diary.ended(error.toString()),
                        () -> diary.ended("completed"));
        return subscription::dispose;
    }
}
