package dev.ssecluster.connect;

import dev.ssecluster.loadtest.SseParser;
import dev.ssecluster.test.TestNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The same streams over HTTP/2, with and without TLS, and over HTTP/1.1 with TLS, whose connection is handed over. */
class Http2AndTlsIT {

    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path directory;

    private static TestNode plain;
    private static TestNode secure;
    private static SSLContext trusting;

    @BeforeAll
    static void start() throws Exception {
        Path keys = directory.resolve("keys.p12");
        makeCertificate(keys);
        trusting = trust(keys);
        plain = TestNode.start("sse.stream.send-timeout=1s", "sse.stream.heartbeat-interval=500ms");
        secure = TestNode.start("server.ssl.key-store=" + keys, "server.ssl.key-store-password=" + PASSWORD,
                "sse.stream.send-timeout=1s", "sse.stream.heartbeat-interval=500ms", "server.jetty.connection-idle-timeout=1s");
    }

    @AfterAll
    static void stop() {
        plain.close();
        secure.close();
    }

    private static void makeCertificate(Path keys) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                "-keyalg", "EC", "-alias", "node", "-dname", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1", "-storetype",
                "PKCS12", "-keystore", keys.toString(), "-storepass", PASSWORD).inheritIO().start();
        assertThat(keytool.waitFor()).isZero();
    }

    private static SSLContext trust(Path keys) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("node", store.getCertificate("node"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void whenTlsThenEventsArrive(HttpClient.Version version) throws Exception {
        check(secure, "https", version);
    }

    @Test
    void whenHttp2WithoutTlsThenEventsArrive() throws Exception {
        check(plain, "http", HttpClient.Version.HTTP_2);
    }

    private static void check(TestNode node, String scheme, HttpClient.Version version) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().version(version).sslContext(trusting).build()) {
            String base = scheme + "://localhost:" + node.port() + "/api/v1/sse";
            List<Reading> readings = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                readings.add(Reading.open(client, base + "/stream/h2/" + version + i));
            }
            await().until(() -> readings.stream().allMatch(reading -> reading.received.size() == 1));
            String large = "\"" + "x".repeat(60_000) + "\"";
            for (int i = 0; i < 50; i++) {
                post(client, base + "/send/group", "{\"group\":\"h2\",\"event_type\":\"t\",\"data\":" + (i % 10 == 0 ? large : i) + "}");
            }
            await().untilAsserted(() -> assertThat(readings).allSatisfy(reading -> assertThat(reading.received).hasSize(51)));
            assertThat(readings.getFirst().response.version()).isEqualTo(version);
            assertThat(readings.getFirst().received.get(11).data()).isEqualTo(large);
            // Longer than the connection's idle timeout: heartbeats keep the streams open.
            await().until(() -> readings.stream().allMatch(reading -> reading.bytesAfterEvents() > 100));
            assertThat(node.streams()).isEqualTo(3);
            for (Reading reading : readings) {
                reading.response.body().close();
            }
            await().until(() -> node.streams() == 0);
        }
    }

    private static void post(HttpClient client, String uri, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    private static final class Reading {

        private final HttpResponse<InputStream> response;
        private final List<SseParser.Received> received = new CopyOnWriteArrayList<>();
        private volatile int bytes;

        private Reading(HttpResponse<InputStream> response) {
            this.response = response;
        }

        static Reading open(HttpClient client, String uri) throws Exception {
            Reading reading = new Reading(client.send(HttpRequest.newBuilder(URI.create(uri)).build(),
                    HttpResponse.BodyHandlers.ofInputStream()));
            Thread.ofVirtual().start(reading::read);
            return reading;
        }

        private void read() {
            SseParser parser = new SseParser();
            byte[] buffer = new byte[16_384];
            try {
                int count;
                while ((count = response.body().read(buffer)) >= 0) {
                    List<SseParser.Received> events = parser.feed(buffer, count);
                    bytes = events.isEmpty() && received.size() == 51 ? bytes + count : 0;
                    received.addAll(events);
                }
            } catch (IOException e) {
                bytes = -1; // closed
            }
        }

        int bytesAfterEvents() {
            return bytes;
        }
    }
}
