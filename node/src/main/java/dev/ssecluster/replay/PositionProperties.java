package dev.ssecluster.replay;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * When it is stored how far users were served.
 *
 * @param interval how often it is stored for streams that stay open
 * @param delay how long ended streams wait for others, to be stored together
 */
@ConfigurationProperties("sse.position")
record PositionProperties(@DefaultValue("60s") Duration interval, @DefaultValue("500ms") Duration delay) {

    PositionProperties {
        Assert.isTrue(interval.toMillis() > 0 && delay.toMillis() > 0, "sse.position.interval and delay must be at least 1ms");
    }
}
