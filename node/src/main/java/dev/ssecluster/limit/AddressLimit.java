package dev.ssecluster.limit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * How many streams one client address may have open.
 *
 * @param maxStreamsPerAddress on one node; 0: any number
 */
@ConfigurationProperties("sse.stream")
record AddressLimit(@DefaultValue("0") int maxStreamsPerAddress) {

    AddressLimit {
        Assert.isTrue(maxStreamsPerAddress >= 0, "sse.stream.max-streams-per-address must not be negative");
    }
}
