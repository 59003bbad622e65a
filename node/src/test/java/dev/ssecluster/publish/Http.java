package dev.ssecluster.publish;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A plain client that sends exactly the bytes it is given. */
public final class Http {

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String base;

    public Http(int port) {
        this(port, "/api/v1/sse");
    }

    /** @param base before all paths */
    public Http(int port, String base) {
        this.base = "http://127.0.0.1:" + port + base;
    }

    public Answered post(String path, String body, String... headers) {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    public Answered post(String path, byte[] body, String... headers) {
        return exchange("POST", path, body, "application/json", headers);
    }

    public Answered get(String path, String... headers) {
        return exchange("GET", path, new byte[0], "application/json", headers);
    }

    public Answered exchange(String method, String path, byte[] body, String contentType, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", contentType)
                .method(method, BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Answered(CLIENT.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public record Answered(HttpResponse<String> response) {

        public int status() {
            return response.statusCode();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public String body() {
            return response.body();
        }

        /** The one value at this path, as text. */
        public String text(String path) {
            return JsonPath.read(body(), path).toString();
        }

        /** All values at this path, as text. */
        public List<String> texts(String path) {
            List<?> values = JsonPath.read(body(), path);
            return values.stream().map(String::valueOf).toList();
        }

        /** The last part of the problem's type. */
        public String problem() {
            String type = text("$.type");
            return type.substring(type.lastIndexOf(':') + 1);
        }
    }
}
