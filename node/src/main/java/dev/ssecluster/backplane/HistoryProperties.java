package dev.ssecluster.backplane;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import static dev.ssecluster.backplane.Require.between;

/**
 * The recent events that Redis keeps for clients that come back.
 *
 * @param window how long an event is kept
 * @param maxLength events kept for each channel, about
 */
@ConfigurationProperties("sse.history")
record HistoryProperties(@DefaultValue("10m") Duration window, @DefaultValue("1000") int maxLength) {

    HistoryProperties {
        between("sse.history.window", window, Duration.ofSeconds(1), Duration.ofDays(7));
        between("sse.history.max-length", maxLength, 1, 1_000_000);
    }
}
