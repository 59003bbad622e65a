package dev.ssecluster.test;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** One node's HTTP API, as any program calls it. Blocks for 15 s at most: a node must answer much sooner. */
public record Api(int port) {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final Duration LIMIT = Duration.ofSeconds(15);

    /** Path below the API's base; headers as name, value, name, value. */
    public HttpResponse<String> post(String path, String body, String... headers) throws IOException {
        HttpRequest.Builder request = request("/api/v1/sse" + path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    /** Path below the API's base. */
    public HttpResponse<String> get(String path) throws IOException {
        return send(request("/api/v1/sse" + path));
    }

    /** Whether a node whose management port this is says UP. */
    public boolean isUp() {
        try {
            return send(request("/actuator/health/readiness")).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(LIMIT);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }
}
