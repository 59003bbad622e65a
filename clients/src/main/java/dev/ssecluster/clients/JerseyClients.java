package dev.ssecluster.clients;

import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.sse.SseEventSource;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code org.glassfish.jersey.media:jersey-media-sse}. */
final class JerseyClients {

    private JerseyClients() {}

    static dev.ssecluster.clients.Client client() {
        return new dev.ssecluster.clients.Client("jersey-media-sse", Map.of(
                Level.LIBRARY, (stream, diary) -> open(ClientBuilder.newClient(), stream, diary),
                Level.SETTING, (stream, diary) -> open(withSettings(), stream, diary),
                Level.APPLICATION, (stream, diary) -> new JerseyStream(stream, Subject.SILENCE, diary)::close));
    }

    private static Client withSettings() {
        return ClientBuilder.newBuilder().readTimeout(Subject.SILENCE.toMillis(), TimeUnit.MILLISECONDS).build();
    }

    private static Runnable open(Client client, URI stream, Diary diary) {
        SseEventSource source = SseEventSource.target(client.target(stream)).build();
        source.register(
                event -> diary.event(event.getName(), event.getId(), event.readData()),
                error -> diary.ended(error.toString()),
                () -> diary.ended("completed"));
        source.open();
        return () -> {
            source.close();
            client.close();
        };
    }
}
