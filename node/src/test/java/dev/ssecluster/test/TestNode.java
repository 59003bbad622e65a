package dev.ssecluster.test;

import dev.ssecluster.SseClusterNode;
import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.stream.Streams;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

/** A whole node inside the test's JVM, on random ports, with real servers behind it. */
public final class TestNode implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Unless a test says otherwise; at its end all streams go at once. */
    private static final String[] DEFAULTS = {"sse.security.mode=none", "sse.drain.window=0s"};

    private final ConfigurableApplicationContext context;

    private TestNode(Map<String, Object> services, String... settings) {
        List<String> arguments = new ArrayList<>(List.of("--server.port=0", "--management.server.port=0",
                "--spring.main.register-shutdown-hook=false", "--spring.jmx.enabled=false"));
        services.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        Stream.of(settings).forEach(setting -> arguments.add("--" + setting));
        Stream.of(DEFAULTS).filter(setting -> isNotAmong(settings, setting)).forEach(setting -> arguments.add("--" + setting));
        context = new SpringApplicationBuilder(SseClusterNode.class).run(arguments.toArray(String[]::new));
    }

    /** Spring would join both. */
    private static boolean isNotAmong(String[] settings, String setting) {
        String name = setting.substring(0, setting.indexOf('=') + 1);
        return Stream.of(settings).noneMatch(other -> other.startsWith(name));
    }

    /** Starts a node on the shared servers and waits until it is ready; settings are {@code name=value}. */
    public static TestNode start(String... settings) {
        TestNode node = new TestNode(TestServices.properties(), settings);
        node.awaitReady();
        return node;
    }

    /** Starts a node on a Redis of the test's own, without waiting. */
    public static TestNode startOn(RedisServer redis, String... settings) {
        return new TestNode(TestServices.properties(redis), settings);
    }

    /** Starts a node on a Redis and a database of the test's own, without waiting. */
    public static TestNode startOn(RedisServer redis, Database database, String... settings) {
        return new TestNode(TestServices.properties(redis, database), settings);
    }

    public void awaitReady() {
        await().atMost(20, SECONDS).until(() -> context.getBean(Backplane.class).isReady());
    }

    public boolean isReady() {
        return context.getBean(Backplane.class).isReady();
    }

    public Api api() {
        return new Api(port());
    }

    public int port() {
        return port("local.server.port");
    }

    public int managementPort() {
        return port("local.management.port");
    }

    private int port(String property) {
        return context.getEnvironment().getRequiredProperty(property, Integer.class);
    }

    /** A part of the node. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public int streams() {
        return context.getBean(Streams.class).count();
    }

    public double counter(String name, String... tags) {
        return context.getBean(MeterRegistry.class).get(name).tags(tags).counter().count();
    }

    /** How often something was measured. */
    public double summaryCount(String name) {
        return context.getBean(MeterRegistry.class).get(name).summary().count();
    }

    public HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/api/v1/sse" + path))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Opens a stream here and waits for {@code connected}. */
    public SseClient stream(String path, String... headers) {
        SseClient client = SseClient.open(port(), path, headers);
        await().atMost(10, SECONDS).pollInterval(Duration.ofMillis(5)).until(() -> client.isConnected() || client.isEnded());
        return client;
    }

    @Override
    public void close() {
        context.close();
    }
}
