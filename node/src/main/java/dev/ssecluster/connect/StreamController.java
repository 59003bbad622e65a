package dev.ssecluster.connect;

import dev.ssecluster.event.NodeId;
import dev.ssecluster.limit.StreamsPerAddress;
import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.replay.Beginning;
import dev.ssecluster.security.Callers;
import dev.ssecluster.security.Requires;
import dev.ssecluster.security.Right;
import dev.ssecluster.stream.Handover;
import dev.ssecluster.stream.RetryDelay;
import dev.ssecluster.stream.ServerEvents;
import dev.ssecluster.stream.StreamProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code GET /stream}. Lasting errors are ordinary problems. Passing ones must not end an EventSource: they are a stream that
 * sends the client away with a reconnect delay, or a 503 when a load balancer asked for one to try the next node.
 */
@RestController
@Requires(Right.ANY_TOKEN)
class StreamController {

    private static final String FAILOVER = "X-SSE-Failover";

    private final StreamOpener opener;
    private final Handover handover;
    private final Callers callers;
    private final StreamsPerAddress addresses;
    private final StreamProperties properties;
    private final NodeId node;
    private final JsonMapper json;
    private final MeterRegistry meters;
    private final RetryDelay retry;

    StreamController(StreamOpener opener, Handover handover, Callers callers, StreamsPerAddress addresses, StreamProperties properties,
            NodeId node, JsonMapper json, MeterRegistry meters) {
        this.opener = opener;
        this.handover = handover;
        this.callers = callers;
        this.addresses = addresses;
        this.properties = properties;
        this.node = node;
        this.json = json;
        this.meters = meters;
        this.retry = new RetryDelay(properties.retryMin(), properties.retryMax());
        Refusal.REASONS.forEach(this::refused); // from the beginning, so that an alert sees the first one
    }

    @GetMapping(path = {"/api/v1/sse/stream", "/api/v1/sse/stream/{id}", "/api/v1/sse/stream/{group}/{id}"},
            produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void open(HttpServletRequest request, HttpServletResponse response, @PathVariable Map<String, String> path)
            throws IOException {
        StreamRequest parsed = new StreamRequestParser(request, path, callers.current(), properties.maxGroups()).parse();
        if (request.getMethod().equals(HttpMethod.HEAD.name())) {
            prepare(request, response);
            return; // must have no effect
        }
        try {
            StreamOpener.Attached attached = attach(request, parsed);
            open(request, response, parsed, attached);
        } catch (Refusal refusal) {
            refuse(request, response, refusal);
        }
    }

    private StreamOpener.Attached attach(HttpServletRequest request, StreamRequest parsed) throws Refusal {
        if (!addresses.enter(parsed.connectionId(), request)) {
            throw Refusal.passing(Refusal.TOO_MANY_STREAMS);
        }
        try {
            return opener.attach(parsed);
        } catch (Refusal | RuntimeException | Error e) {
            addresses.leave(parsed.connectionId()); // it may never have been registered, so nobody else says so
            throw e;
        }
    }

    private void open(HttpServletRequest request, HttpServletResponse response, StreamRequest parsed, StreamOpener.Attached attached)
            throws IOException {
        byte[] greeting;
        try {
            greeting = greet(parsed, attached.beginning());
        } catch (RuntimeException e) {
            opener.abandon(attached);
            throw e;
        }
        prepare(request, response);
        handover.open(request, response, attached.stream(), greeting);
    }

    private static void prepare(HttpServletRequest request, HttpServletResponse response) {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setHeader("Cache-Control", "no-store, no-transform");
        response.setHeader("X-Accel-Buffering", "no");
        if (request.getProtocol().startsWith("HTTP/1.")) {
            response.setHeader("Connection", "close"); // so the body ends with the connection, without chunks
        }
    }

    private byte[] greet(StreamRequest request, Beginning beginning) {
        String cursor = beginning.start().toString();
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        if (beginning.reset() != null) {
            out.writeBytes(ServerEvents.reset(beginning.reset(), cursor));
        }
        out.writeBytes(ServerEvents.connected(cursor, json.writeValueAsBytes(greeting(request, beginning))));
        return ServerEvents.withRetry(retry.next(), out.toByteArray());
    }

    private Greeting greeting(StreamRequest request, Beginning beginning) {
        return new Greeting(request.clientId(), request.connectionId(), request.userId(), request.groups(), node.value(),
                properties.heartbeatInterval().toMillis(), beginning.resumed(), beginning.extent().label());
    }

    private Counter refused(String reason) {
        return meters.counter(MeterNames.REFUSED, MeterNames.REASON, reason);
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, Refusal refusal) throws IOException {
        if (refusal.kind() == Refusal.Kind.PASSING && wantsFailover(request)) {
            throw RefusedException.of(ProblemType.UNAVAILABLE)
                    .retryAfter(Duration.ofMillis(refusal.retryMillis()))
                    .countedAs(refusal.reason());
        }
        refused(refusal.reason()).increment();
        if (refusal.kind() == Refusal.Kind.FINAL) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT); // by the HTML standard the client stops for good
            response.setHeader("Cache-Control", "no-store");
            return;
        }
        sendAway(request, response, refusal.reason(), refusal.retryMillis());
    }

    /** Whether a load balancer tries the next node when this one says 503. */
    static boolean wantsFailover(HttpServletRequest request) {
        return "1".equals(request.getHeader(FAILOVER));
    }

    /** Answers with a stream that ends at once, and has the client come back. */
    static void sendAway(HttpServletRequest request, HttpServletResponse response, String reason, long retryMillis) throws IOException {
        prepare(request, response);
        byte[] goaway = ServerEvents.goaway(reason, retryMillis, StreamRequestParser.echoableCursor(request));
        response.setContentLength(goaway.length);
        response.getOutputStream().write(goaway);
    }
}
