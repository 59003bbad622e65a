package dev.ssecluster.backplane;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import static dev.ssecluster.backplane.Require.between;

/**
 * The counts of unread messages that Redis keeps.
 *
 * @param expire how long a count is kept at most
 */
@ConfigurationProperties("sse.unread")
record UnreadProperties(@DefaultValue("24h") Duration expire) {

    UnreadProperties {
        between("sse.unread.expire", expire, Duration.ofSeconds(1), Duration.ofDays(7));
    }
}
