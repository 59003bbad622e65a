package dev.ssecluster.stream;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of a node's end.
 *
 * @param window over which time a node that stops sends its streams away; the whole stop takes at most 5 s longer
 */
@ConfigurationProperties("sse.drain")
record DrainProperties(@DefaultValue("15s") Duration window) {

    DrainProperties {
        Assert.isTrue(!window.isNegative() && window.compareTo(Duration.ofMinutes(10)) <= 0,
                "sse.drain.window must be between 0 and 10m");
    }
}
