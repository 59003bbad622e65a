package dev.ssecluster.openapi;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/** Requests made of an OpenAPI description: good ones, nearly good ones, and some that are no HTTP at all. Not thread-safe. */
final class RandomRequests {

    private static final String[] METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"};
    private static final String[] TYPES = {
        "application/json", "application/json;charset=utf-16", "text/plain", "application/xml", "multipart/form-data", "*/*", "nonsense", ""
    };
    private static final String[] ACCEPTS = {"application/json", "*/*", "text/event-stream", "text/html", "nonsense", "a/b;q=2", ""};

    private final SplittableRandom random;
    private final RandomJson json;
    private final List<Operation> operations = new ArrayList<>();

    RandomRequests(JsonNode description, SplittableRandom random) {
        this.random = random;
        this.json = new RandomJson(description, random);
        description.path("paths").properties().forEach(path -> path.getValue().properties().forEach(operation ->
                operations.add(new Operation(path.getKey(), operation.getKey().toUpperCase(java.util.Locale.ROOT), operation.getValue()))));
    }

    private record Operation(String path, String method, JsonNode node) {}

    /** A request whose end is where its head says. */
    byte[] framed() {
        return framed("");
    }

    /** The same with these lines in its head, each with its line break. */
    byte[] framed(String lines) {
        Operation operation = pick(operations);
        Head head = new Head(operation.path());
        head.headers.append(lines);
        operation.node().path("parameters").forEach(parameter -> add(head, json.resolve(parameter)));
        byte[] body = body(operation.node());
        String method = random.nextInt(20) == 0 ? METHODS[random.nextInt(METHODS.length)] : operation.method();
        return bytes(head.text(method, body.length), body);
    }

    /** Something that is no request, or breaks off. */
    byte[] unframed() {
        byte[] bytes = framed();
        for (int i = random.nextInt(20); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextBoolean() ? bytes : java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1);
    }

    <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private void add(Head head, JsonNode parameter) {
        String name = parameter.path("name").asString();
        boolean isLeftOut = random.nextInt(parameter.path("required").asBoolean(false) ? 20 : 2) == 0;
        JsonNode value = json.value(parameter.path("schema"));
        String text = value.isString() ? value.asString() : value.isArray() ? join(value) : value.toString();
        switch (parameter.path("in").asString()) {
            case "path" -> head.path = head.path.replace("{" + name + "}", encoded(text));
            case "query" -> head.query.append(isLeftOut ? "" : '&' + name + '=' + encoded(text));
            default -> head.headers.append(isLeftOut ? "" : name + ": " + text.replaceAll("[\\r\\n]", "") + "\r\n");
        }
    }

    private static String join(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asString("")));
        return String.join(",", texts);
    }

    /** Percent-encoded, mostly. */
    private String encoded(String text) {
        if (random.nextInt(20) == 0) {
            return text.replaceAll("[\\s\\u0000-\\u001f#]", "") + (random.nextBoolean() ? "%zz" : "%c0%af");
        }
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private byte[] body(JsonNode operation) {
        JsonNode schema = operation.path("requestBody").path("content").path("application/json").path("schema");
        if (schema.isMissingNode() || random.nextInt(30) == 0) {
            return new byte[0];
        }
        String text = json.value(schema).toString();
        return switch (random.nextInt(25)) {
            case 0 -> text.substring(0, random.nextInt(text.length() + 1)).getBytes(StandardCharsets.UTF_8);
            case 1 -> text.replace(':', ',').getBytes(StandardCharsets.UTF_8);
            case 2 -> text.getBytes(StandardCharsets.UTF_16LE);
            case 3 -> (text + ' ' + text).getBytes(StandardCharsets.UTF_8);
            case 4 -> (random.nextInt(20) == 0 ? text + " ".repeat(600_000) : "[".repeat(2_000)).getBytes(StandardCharsets.UTF_8);
            default -> text.getBytes(StandardCharsets.UTF_8);
        };
    }

    private static byte[] bytes(String head, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    /** The head of one request. */
    private final class Head {

        private final StringBuilder query = new StringBuilder();
        private final StringBuilder headers = new StringBuilder();
        private String path;

        Head(String path) {
            this.path = path;
        }

        String text(String method, int bodyLength) {
            sometimes(15, "Accept", ACCEPTS[random.nextInt(ACCEPTS.length)]);
            sometimes(15, "Accept-Language", json.word(3) + ";q=x");
            sometimes(40, "Content-Encoding", "gzip");
            sometimes(40, "X-Forwarded-For", "1.2.3.4, " + json.word(5));
            sometimes(40, "Origin", "https://evil.example");
            sometimes(40, "Cookie", "sse_token=" + json.word(8));
            sometimes(40, "Authorization", "Bearer " + json.word(8));
            sometimes(60, "X-Large", "x".repeat(random.nextInt(12_000)));
            String type = random.nextInt(20) == 0 ? TYPES[random.nextInt(TYPES.length)] : TYPES[0];
            String host = random.nextInt(40) == 0 ? "evil.example" : "localhost";
            String framing = bodyLength > 0 || random.nextBoolean() ? "Content-Length: " + bodyLength + "\r\n" : "";
            return method + ' ' + path + (query.isEmpty() ? "" : "?" + query.substring(1)) + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: "
                    + type + "\r\n" + headers + framing + "\r\n";
        }

        private void sometimes(int seldom, String name, String value) {
            if (random.nextInt(seldom) == 0) {
                headers.append(name).append(": ").append(value).append("\r\n");
            }
        }
    }
}
