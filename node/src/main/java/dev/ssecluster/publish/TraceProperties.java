package dev.ssecluster.publish;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Following events through the logs.
 *
 * @param perSecond messages of which this node says in its log what became of them, and asks the others to say it, because their
 *     sends came with a sampled {@code traceparent}; what is more in a second is sent all the same. 0: none
 */
@ConfigurationProperties("sse.trace")
record TraceProperties(@DefaultValue("100") int perSecond) {

    TraceProperties {
        Assert.isTrue(perSecond >= 0, "sse.trace.per-second must not be negative");
    }
}
