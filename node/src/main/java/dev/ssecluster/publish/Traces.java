package dev.ssecluster.publish;

import dev.ssecluster.event.Trace;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/**
 * Which messages are followed: those whose send came with a sampled {@code traceparent}, up to a number in each second, because any publisher
 * can set that header and each such message costs lines in the logs of several nodes. Thread-safe.
 */
@Component
@EnableConfigurationProperties(TraceProperties.class)
final class Traces {

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HttpServletRequest request; // stands for the current request
    private final int perSecond;
    private final LongSupplier nanoTime;
    private long since; // guarded by this
    private int taken; // guarded by this

    @Autowired
    Traces(HttpServletRequest request, TraceProperties properties) {
        this(request, properties, System::nanoTime);
    }

    Traces(HttpServletRequest request, TraceProperties properties, LongSupplier nanoTime) {
        this.request = request;
        this.perSecond = properties.perSecond();
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** The current request's trace, or null. */
    @Nullable Trace ofRequest() {
        String header = request.getHeader(TraceParent.HEADER);
        return header == null || isRepeated() ? null : TraceParent.sampled(header);
    }

    /** By the standard such a request has none. */
    private boolean isRepeated() {
        Enumeration<String> headers = request.getHeaders(TraceParent.HEADER);
        headers.nextElement();
        return headers.hasMoreElements();
    }

    /** The trace for one of the request's messages; null when enough are followed already. */
    @Nullable Trace forMessage(@Nullable Trace ofRequest) {
        return ofRequest == null || !take() ? null : ofRequest;
    }

    private synchronized boolean take() {
        long now = nanoTime.getAsLong();
        if (now - since >= SECOND_NANOS) {
            since = now;
            taken = 0;
        }
        return taken++ < perSecond;
    }
}
