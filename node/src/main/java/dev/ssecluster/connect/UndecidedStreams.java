package dev.ssecluster.connect;

import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.security.PassingRefusal;
import dev.ssecluster.stream.RetryDelay;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;

/** Sends streams away for a while when their tokens cannot be verified at the moment: no EventSource would come back after a 503. */
@Component
final class UndecidedStreams implements PassingRefusal {

    private static final String STREAMS = "/api/v1/sse/stream";

    private final MeterRegistry meters;

    UndecidedStreams(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public boolean answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean isStream = request.getMethod().equals("GET") && request.getRequestURI().startsWith(STREAMS);
        if (!isStream || StreamController.wantsFailover(request)) {
            return false;
        }
        meters.counter(MeterNames.REFUSED, MeterNames.REASON, Refusal.UNAVAILABLE).increment();
        StreamController.sendAway(request, response, Refusal.UNAVAILABLE, RetryDelay.AFTER_REFUSAL.next());
        return true;
    }
}
