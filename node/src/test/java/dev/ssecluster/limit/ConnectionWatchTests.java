package dev.ssecluster.limit;

import dev.ssecluster.metric.MeterNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Jetty alone, with an idle timeout that a byte now and then puts off for ever. */
class ConnectionWatchTests {

    private static final Duration HEAD = Duration.ofMillis(250);
    private static final Duration BODY = HEAD.multipliedBy(2);
    private static final Duration SOON = Duration.ofSeconds(5); // for a busy machine
    private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final byte[] PREFACE = HexFormat.of()
            .parseHex("505249202a20485454502f322e300d0a0d0a534d0d0a0d0a" + "000000040000000000");

    /** HEADERS without END_HEADERS, so that more would have to follow: GET / of stream 1. */
    private static final byte[] OPEN_HEAD = HexFormat.of().parseHex("000003" + "01" + "01" + "00000001" + "828684");

    /** An empty CONTINUATION of the same. */
    private static final byte[] MORE_HEAD = HexFormat.of().parseHex("000000" + "09" + "00" + "00000001");
    private static final byte[] PING = HexFormat.of().parseHex("000008" + "06" + "00" + "00000000" + "0000000000000000");

    /** POST / of stream 1, whose body is to come; then one empty DATA frame of it. */
    private static final byte[] POST_2 = HexFormat.of().parseHex("000003" + "01" + "04" + "00000001" + "838684");
    private static final byte[] EMPTY_DATA = HexFormat.of().parseHex("000000" + "00" + "00" + "00000001");

    @TempDir
    private static Path directory;

    private static Server server;
    private static ServerConnector plain;
    private static ServerConnector secure;
    private static ConnectionWatch watch;
    private static ConnectionWatch secureWatch;
    private static SimpleMeterRegistry meters;

    private Socket socket;

    @BeforeAll
    static void start() throws Exception {
        server = new Server();
        meters = new SimpleMeterRegistry();
        HttpConfiguration http = new HttpConfiguration();
        plain = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
        secure = new ServerConnector(server, 1, 1, new SslConnectionFactory(keys(), "alpn"), alpn(),
                new HTTP2ServerConnectionFactory(http), new HttpConnectionFactory(http));
        Times times = new Times(HEAD.toNanos(), BODY.toNanos());
        watch = ConnectionWatch.over(plain, times, meters);
        secureWatch = ConnectionWatch.over(secure, times, meters);
        server.setConnectors(new ServerConnector[] {plain, secure});
        server.setHandler(new Reading());
        server.start();
    }

    private static ALPNServerConnectionFactory alpn() {
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        return alpn;
    }

    private static SslContextFactory.Server keys() throws Exception {
        Path store = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                "-keyalg", "EC", "-alias", "node", "-dname", "CN=localhost", "-storetype", "PKCS12", "-keystore", store.toString(),
                "-storepass", "changeit").start();
        assertThat(keytool.waitFor()).isZero();
        SslContextFactory.Server keys = new SslContextFactory.Server();
        keys.setKeyStorePath(store.toString());
        keys.setKeyStorePassword("changeit");
        return keys;
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @BeforeEach
    void connect() throws IOException {
        socket = connectTo(plain);
    }

    @AfterEach
    void disconnect() throws IOException {
        socket.close();
        await().until(() -> watch.watched() + secureWatch.watched() == 0); // nothing is kept of connections that have ended
    }

    private static Socket connectTo(ServerConnector connector) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        socket.setSoTimeout(50);
        return socket;
    }

    /** Answers when the whole body has come. */
    private static final class Reading extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            Content.Source.consumeAll(request);
            response.getHeaders().put("Content-Length", 0);
            callback.succeeded();
            return true;
        }
    }

    @Test
    void whenAConnectionSaysNothingThenItIsCut() throws IOException {
        assertThat(tillCut("")).isBetween(HEAD, SOON);
    }

    @Test
    void whenOnlyBlankLinesComeThenItIsCut() throws IOException {
        assertThat(tillCut("\r\n")).isBetween(HEAD, SOON);
    }

    @Test
    void whenAHeadTricklesThenItIsCut() throws IOException {
        write("GET / HTTP/1.1\r\nHost: localhost\r\n");
        assertThat(tillCut("X-A: b\r\n")).isBetween(HEAD, SOON);
    }

    @Test
    void whenTheHeadOfALaterRequestTricklesThenItIsCut() throws IOException {
        for (int i = 0; i < 3; i++) {
            exchange();
            await().pollDelay(HEAD.dividedBy(2)).until(() -> true); // together longer than a head may take
        }
        write("GET / HTTP");
        assertThat(tillCut("/")).isBetween(HEAD, SOON);
    }

    @Test
    void whenAConnectionIsIdleBetweenRequestsThenItLivesOn() throws IOException {
        exchange();
        assertThat(isOpenFor(HEAD.multipliedBy(4))).isTrue();
        exchange();
    }

    @Test
    void whenABodyIsHeldUpByExtensionsOfAChunkThenItIsCut() throws IOException {
        write("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;");
        assertThat(tillCut("x")).isBetween(BODY, SOON);
    }

    @Test
    void whenABodyIsHeldUpByTrailersThenItIsCut() throws IOException {
        write("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
        assertThat(tillCut("X-A: b\r\n")).isBetween(BODY, SOON);
    }

    @Test
    void whenATlsHandshakeDoesNotEndThenItIsCut() throws IOException {
        socket.close();
        socket = connectTo(secure);
        socket.getOutputStream().write(HexFormat.of().parseHex("1603010200010001fc0303"));
        assertThat(tillCut("\0")).isBetween(HEAD, SOON);
    }

    @Test
    void whenHttp2SaysNothingBehindItsPrefaceThenItIsCut() throws IOException {
        socket.getOutputStream().write(PREFACE);
        assertThat(tillCut(PING)).isBetween(HEAD, SOON);
    }

    @Test
    void whenAnHttp2HeadTricklesThenItIsCut() throws IOException {
        socket.getOutputStream().write(PREFACE);
        socket.getOutputStream().write(OPEN_HEAD);
        assertThat(tillCut(MORE_HEAD)).isBetween(HEAD, SOON);
    }

    @Test
    void whenAnHttp2BodyIsHeldUpByEmptyFramesThenItIsCut() throws IOException {
        socket.getOutputStream().write(PREFACE);
        socket.getOutputStream().write(POST_2);
        assertThat(tillCut(EMPTY_DATA)).isBetween(BODY, SOON);
    }

    @Test
    void whenAConnectionIsCutThenItIsCountedByItsReason() throws IOException {
        double before = cuts("head");
        write("GET");
        tillCut("T");
        assertThat(cuts("head")).isEqualTo(before + 1);
    }

    private static double cuts(String reason) {
        return meters.get(MeterNames.CONNECTIONS_CUT).tag("reason", reason).counter().count();
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private void exchange() throws IOException {
        write(GET);
        byte[] answer = new byte[4096];
        int count = await().until(() -> read(answer), length -> length != 0);
        assertThat(new String(answer, 0, count, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200");
    }

    private Duration tillCut(String trickle) throws IOException {
        return tillCut(trickle.getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes this again and again, and tells how long the connection took that. */
    private Duration tillCut(byte[] trickle) throws IOException {
        long start = System.nanoTime();
        while (isOpen() && System.nanoTime() - start < SOON.multipliedBy(2).toNanos()) {
            try {
                socket.getOutputStream().write(trickle);
            } catch (IOException e) {
                break; // reset
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private boolean isOpenFor(Duration time) throws IOException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            if (!isOpen()) {
                return false;
            }
        }
        return true;
    }

    /** Reads what there is, and waits a little for an end of the stream. */
    private boolean isOpen() throws IOException {
        byte[] dropped = new byte[4096];
        int count;
        do {
            count = read(dropped);
        } while (count > 0);
        return count == 0;
    }

    /** Bytes read; 0: none within a moment, -1: the connection has ended. */
    private int read(byte[] buffer) throws IOException {
        InputStream in = socket.getInputStream();
        try {
            return in.read(buffer);
        } catch (SocketTimeoutException e) {
            return 0;
        } catch (SocketException e) {
            return -1;
        }
    }
}
