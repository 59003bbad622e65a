package dev.ssecluster.publish;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/** What no well-behaved client would send, byte by byte over a socket. Every answer is a problem and says nothing of the input. */
@PublishTest
@ExtendWith(OutputCaptureExtension.class)
class HostileHttpTests {

    private static final String POST = "POST /api/v1/sse/broadcast HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    @Autowired
    private RecordingBackplane backplane;

    private Socket socket;
    private int logged;

    @BeforeEach
    void connect(@LocalServerPort int port, CapturedOutput log) throws IOException {
        logged = log.length();
        backplane.reset();
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
    }

    @AfterEach
    void disconnect(CapturedOutput log) throws IOException {
        socket.close();
        assertThat(backplane.published()).isEmpty();
        assertThat(log.toString().substring(logged)).doesNotContain("\tat ", " WARN ", " ERROR ");
    }

    @ParameterizedTest
    @CsvSource({
        "'GET /api/v1/sse/<script> HTTP/1.1', 400",
        "'GET /api/v1/sse/%2e%2e/script HTTP/1.1', 400",
        "'GET /a%2Fscript HTTP/1.1', 400",
        "'GET /a%5Cscript HTTP/1.1', 400",
        "'GET /a%25script HTTP/1.1', 400",
        "'GET /a;script=1/../b HTTP/1.1', 404",
        "'GET //script HTTP/1.1', 400",
        "'GET /script%zz HTTP/1.1', 400",
        "'GET /script%00 HTTP/1.1', 400",
        "'GET /script%c0%af HTTP/1.1', 400",
        "'GET script HTTP/1.1', 400",
        "'GET  HTTP/1.1', 505",
        "'G<script>T / HTTP/1.1', 400",
        "'GET /script HTTP/9.9', 505",
        "'GET /script HTTP/1.2', 505",
        "'GET /script XTTP/1.1', 505",
        "'script', 400",
        "'FOO /api/v1/sse/broadcast HTTP/1.1', 405",
        "'TRACE /api/v1/sse/broadcast HTTP/1.1', 405",
        "'PUT /api/v1/sse/broadcast HTTP/1.1', 405",
        "'GET /error HTTP/1.1', 404",
        "'GET /x HTTP/1.1', 404",
        "'GET /favicon.ico HTTP/1.1', 404",
        "'GET /api/v1/sse/send/ HTTP/1.1', 404"
    })
    void whenARequestIsWrongThenTheAnswerIsAProblem(String line, int status) throws IOException {
        String answer = exchange(line + "\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
        assertProblem(answer, status);
        if (status == 400) {
            assertThat(answer).doesNotContain("script");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'Host: localhost\r\nHost: localhost', 400",
        "'Host: localhost\r\nContent-Length: x', 400",
        "'Host: localhost\r\nContent-Length: 1\r\nContent-Length: 2', 400",
        "'Host: localhost\r\nContent-Length: -1', 400",
        "'Host: localhost\r\nContent-Length: 99999999999999999999', 400",
        "'Host: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5', 400",
        "'Host: localhost\r\nTransfer-Encoding: gzip', 400",
        "'Host: localhost\r\nbad header: x', 400",
        "'Host: localhost\r\n folded', 400",
        "'X-None: localhost', 400",
        "'Host: evil.example', 403",
        "'Host: localhost.evil.example', 403",
        "'Host: 127.0.0.1.evil.example:80', 403",
        "'Host: push.example.', 403",
        "'Host: 192.168.0.1', 403"
    })
    void whenHeadersAreWrongThenTheAnswerIsAProblem(String headers, int status) throws IOException {
        assertProblem(exchange("POST /api/v1/sse/broadcast HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n"), status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8081", "127.0.0.1", "127.1.2.3:1", "[::1]:8081", "a.localhost", "push.example:80"})
    void whenTheHostIsALoopbackNameOrListedThenItIsAdmitted(String host) throws IOException {
        assertProblem(exchange("GET /none HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"), 404);
    }

    @Test
    void whenTheTargetNamesAForeignHostThenItIsRefused() throws IOException {
        assertProblem(exchange("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), 403, 400);
    }

    @Test
    void whenHeadersOrUriAreTooLargeThenTheAnswerSaysSo() throws IOException {
        assertProblem(exchange("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"), 431);
    }

    @Test
    void whenTheUriIsTooLongThenTheAnswerSaysSo() throws IOException {
        assertProblem(exchange("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"), 414);
    }

    @Test
    void whenNothingIsAcceptableThenNothingIsSentAndTheAnswerIsAProblem() throws IOException {
        String body = "{\"event_type\":\"t\",\"data\":1}";
        String request = POST + "Accept: text/html\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        assertProblem(exchange(request), 406);
    }

    @ParameterizedTest
    @ValueSource(strings = {"clé", "a\u0001b", "a\tb"})
    void whenTheIdempotencyKeyHasOtherCharactersThenItIsRefused(String key) throws IOException {
        String body = "{\"event_type\":\"t\",\"data\":1}";
        String head = POST + "Idempotency-Key: " + key + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n";
        assertProblem(exchange(head + body), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /none", "POST /none", "POST /api/v1/sse/broadcast", "GET /api/v1/sse/messages/unread?user_id=u"})
    void whenTheMediaTypeIsAWildcardThenItIsUnsupported(String line) throws IOException {
        assertProblem(exchange(line + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: */*\r\nConnection: close\r\n\r\n"), 415);
    }

    @Test
    void whenTheDeclaredLengthIsTooLargeThenNothingIsRead() throws IOException {
        assertProblem(exchange(POST + "Content-Length: 1000000000\r\n\r\n"), 413);
    }

    @Test
    void whenAChunkedBodyNeverEndsThenItIsRefusedAtTheLimit() throws IOException {
        Thread.ofVirtual().start(this::writeForEver);
        assertProblem(readAll(), 413);
    }

    @Test
    void whenAChunkIsMalformedThenTheAnswerIsAProblem() throws IOException {
        assertProblem(exchange(POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"), 400);
    }

    @Test
    void whenTheBodyEndsEarlyThenTheAnswerIsAProblem() throws IOException {
        write(POST + "Content-Length: 100\r\n\r\n{\"event");
        socket.shutdownOutput();
        assertProblem(readAll(), 400);
    }

    @Test
    void whenTheBodyStopsComingThenTheRequestTimesOut() throws IOException {
        assertProblem(exchange(POST + "Content-Length: 100\r\n\r\n{\"event"), 408);
    }

    @Test
    void whenTheBodyNeverBeginsThenTheRequestTimesOut() throws IOException {
        assertProblem(exchange(POST + "Content-Length: 100\r\n\r\n"), 408);
    }

    @Test
    void whenTheClientVanishesThenTheLogStaysQuiet() throws IOException {
        write(POST + "Content-Length: 100\r\n\r\n{\"event");
        socket.setSoLinger(true, 0); // a reset instead of an orderly end
        socket.close();
    }

    @Test
    void whenOptionsAreAskedForThenTheyAreNamed() throws IOException {
        String answer = exchange("OPTIONS /api/v1/sse/broadcast HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200").contains("Allow: POST,OPTIONS");
    }

    @Test
    void whenHeadIsRefusedThenThereIsNoBody() throws IOException {
        String answer = exchange("HEAD /api/v1/sse/broadcast HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 405").endsWith("\r\n\r\n");
    }

    private void writeForEver() {
        try {
            write(POST + "Transfer-Encoding: chunked\r\n\r\n");
            for (;;) {
                write("400\r\n" + " ".repeat(0x400) + "\r\n");
            }
        } catch (IOException expected) {
            // the server has closed the connection
        }
    }

    private static void assertProblem(String answer, Integer... statuses) {
        assertThat(answer).contains("\r\n\r\n");
        assertThat(Integer.parseInt(answer.substring(9, 12))).as(answer).isIn((Object[]) statuses);
        assertThat(answer).contains("Content-Type: application/problem+json\r\n").contains("\"type\":\"urn:sse-cluster:problem:");
        assertThat(answer).contains("\"status\":" + answer.substring(9, 12)).doesNotContain("<").doesNotContain("Exception");
        assertThat(answer).doesNotContain("Server:").doesNotContain("Jetty");
    }

    private String exchange(String request) throws IOException {
        write(request);
        return readAll();
    }

    private void write(String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Everything until the server closes, or resets, the connection. */
    private String readAll() throws IOException {
        StringBuilder all = new StringBuilder();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int count; (count = in.read(buffer)) >= 0; ) {
                all.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
            }
        } catch (SocketException reset) {
            assertThat(all).as("nothing came before the reset").isNotEmpty();
        }
        return all.toString();
    }
}
