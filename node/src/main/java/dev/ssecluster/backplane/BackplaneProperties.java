package dev.ssecluster.backplane;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import static dev.ssecluster.backplane.Require.between;

/**
 * The connections to the other nodes through Redis.
 *
 * @param connectTimeout time to connect to Redis, and to log in
 * @param subscribeTimeout time for a stream's channels to be subscribed, and for any call to Redis that is not a send
 * @param channelLinger how long a channel stays subscribed, at least, after its last stream has gone; at most twice as long
 * @param probeInterval time between two probes of the pub/sub connection
 * @param probeTimeout time within which a probe must be heard; otherwise the connection is replaced
 */
@ConfigurationProperties("sse.backplane")
record BackplaneProperties(
        @DefaultValue("1s") Duration connectTimeout,
        @DefaultValue("1500ms") Duration subscribeTimeout,
        @DefaultValue("5s") Duration channelLinger,
        @DefaultValue("2s") Duration probeInterval,
        @DefaultValue("3s") Duration probeTimeout) {

    BackplaneProperties {
        between("sse.backplane.connect-timeout", connectTimeout, Duration.ofMillis(10), Duration.ofMinutes(1));
        between("sse.backplane.subscribe-timeout", subscribeTimeout, Duration.ofMillis(10), Duration.ofMinutes(1));
        between("sse.backplane.channel-linger", channelLinger, Duration.ofMillis(10), Duration.ofHours(1));
        between("sse.backplane.probe-interval", probeInterval, Duration.ofMillis(50), Duration.ofMinutes(1));
        between("sse.backplane.probe-timeout", probeTimeout, Duration.ofMillis(50), Duration.ofMinutes(1));
    }
}
