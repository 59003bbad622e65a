package dev.ssecluster.clients;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;

/** Calls of a publisher and of an administrator. Thread-safe. */
final class Api {

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Integer> nodes;

    Api(List<Integer> nodes) {
        this.nodes = nodes;
    }

    /** Posts JSON to a node that answers, from that one on; the same request may reach several, but counts once. */
    void post(int node, String path, String json) {
        String key = UUID.randomUUID().toString();
        for (int i = 0; i < nodes.size() * 10; i++) {
            if (isDone(request((node + i) % nodes.size(), path, json, key))) {
                return;
            }
        }
        throw new IllegalStateException("No node takes " + path);
    }

    private HttpRequest request(int node, String path, String json, String key) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + nodes.get(node) + "/api/v1/sse" + path))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(json))
                .build();
    }

    private boolean isDone(HttpRequest request) {
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200 && answer.statusCode() != 503) {
                throw new IllegalStateException(request.uri() + " answers " + answer.statusCode() + ": " + answer.body());
            }
            return answer.statusCode() == 200;
        } catch (IOException e) {
            return false; // that node is down: the next one
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
