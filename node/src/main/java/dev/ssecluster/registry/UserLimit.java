package dev.ssecluster.registry;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * How many streams one user may have open.
 *
 * @param maxStreamsPerUser in the whole cluster; an anonymous stream counts for nobody
 */
@ConfigurationProperties("sse.stream")
public record UserLimit(@DefaultValue("20") int maxStreamsPerUser) {

    public UserLimit {
        Assert.isTrue(maxStreamsPerUser > 0, "sse.stream.max-streams-per-user must be positive");
    }
}
