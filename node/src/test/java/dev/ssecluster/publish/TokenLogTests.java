package dev.ssecluster.publish;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import dev.ssecluster.test.TestTokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.web.server.LocalServerPort;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Tokens are in no log: not at any level that an operator sets for everything, not with a stack trace, not in the access log. */
@SecuredTest
class TokenLogTests {

    private static final Path ACCESS_LOG = Path.of("target", "access.log");

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<Appender<ILoggingEvent>> usual = new ArrayList<>();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Level level = Level.INFO;
    private int port;

    @BeforeEach
    void listen(@LocalServerPort int port) {
        this.port = port;
        Iterator<Appender<ILoggingEvent>> appenders = root.iteratorForAppenders();
        appenders.forEachRemaining(usual::add);
        usual.forEach(root::detachAppender);
        level = root.getLevel();
        root.setLevel(Level.TRACE);
        root.addAppender(recorder());
    }

    @AfterEach
    void restore() {
        root.detachAppender("recorder");
        usual.forEach(root::addAppender);
        root.setLevel(level);
    }

    private Appender<ILoggingEvent> recorder() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(root.getLoggerContext());
        encoder.setPattern("%level %logger %msg %kvp %mdc%n%ex");
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(root.getLoggerContext());
        appender.setName("recorder");
        appender.setEncoder(encoder);
        appender.setOutputStream(log);
        appender.start();
        return appender;
    }

    @Test
    void whenRequestsCarryTokensInAnyWayThenNoLogHasThem() throws IOException {
        String good = TestTokens.of("u").scopes("sse.publish").signed();
        String forged = TestTokens.of("u").unsigned() + "c2lnbmF0dXJl";
        for (String token : List.of(good, forged)) {
            sendInEveryWay(token);
        }
        assertThat(log.toString(UTF_8)).as("the recording works").contains("dev.ssecluster");
        await().atMost(10, SECONDS).until(() -> Files.readString(ACCESS_LOG).contains("GET /api/v1/sse/messages"));
        for (String token : List.of(good, forged)) {
            String secret = token.substring(token.lastIndexOf('.') + 1);
            String claims = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
            assertThat(log.toString(UTF_8)).doesNotContain(secret).doesNotContain(claims);
            assertThat(Files.readString(ACCESS_LOG)).doesNotContain(secret).doesNotContain(claims).doesNotContain("access_token");
        }
    }

    private void sendInEveryWay(String token) throws IOException {
        String inHeader = "Authorization: Bearer " + token;
        String inCookie = "Origin: https://app.example\r\nCookie: sse_token=" + token;
        String inQuery = "access_token=" + token;
        raw("GET /api/v1/sse/messages?user_id=u", inHeader);
        raw("GET /api/v1/sse/messages?user_id=u", inCookie);
        raw("GET /api/v1/sse/messages?user_id=u&" + inQuery, "A: b");
        raw("GET /api/v1/sse/messages?" + inQuery + "&user_id=%FF", "A: b");
        raw("GET /api/v1/sse/messages?" + inQuery + "&user_id=%zz", "A: b");
        raw("GET /api/v1/sse/messages?limit=x&user_id=u&" + inQuery, inHeader);
        raw("GET /api/v1/sse/nothing?" + inQuery, inHeader);
        raw("GET /api/v1/sse/a%2Fb?" + inQuery, inHeader);
        raw("GET /api/v1/sse/test/throw?" + inQuery, inHeader);
        raw("GET /api/v1/sse/test/send-error?" + inQuery, inHeader);
        raw("PUT /api/v1/sse/send?" + inQuery, inHeader);
        raw("GET /api/v1/sse/messages?" + inQuery, inHeader + "\r\nbroken header");
        raw("GET /api/v1/sse/messages?" + inQuery, inHeader + "\r\nContent-Length: x");
        raw("GET /api/v1/sse/messages?" + inQuery, inHeader + "\r\nCookie: sse_token=\"" + token + "; \u0001");
        raw("GET /", "Authorization: Bearer\t" + token);
        raw("POST /api/v1/sse/session", inHeader + "\r\nContent-Length: 0");
    }

    private void raw(String line, String headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            String request = line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1)).startsWith("HTTP/1.1 ");
        }
    }
}
