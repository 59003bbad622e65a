package dev.ssecluster.limit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * How much one caller may send through one node.
 *
 * @param rate messages per second, in the long run; 0: any number
 * @param burst messages at once, also in one batch, after a time without any
 */
@ConfigurationProperties("sse.publish")
record RateLimit(@DefaultValue("0") int rate, @DefaultValue("1000") int burst) {

    RateLimit {
        Assert.isTrue(rate >= 0, "sse.publish.rate must not be negative");
        Assert.isTrue(burst > 0, "sse.publish.burst must be positive");
    }
}
