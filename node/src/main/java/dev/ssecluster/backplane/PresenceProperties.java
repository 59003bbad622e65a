package dev.ssecluster.backplane;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import static dev.ssecluster.backplane.Require.between;

/**
 * What the cluster knows about users and clients.
 *
 * @param onlineExpire life of a stream's lease, which its node refreshes; when the node dies, its own lease ends much earlier
 * @param clientInfoExpire life of what is known about a client, refreshed likewise
 * @param grace time without a stream after which a user is offline, so that a page can be loaded anew
 * @param lastSeenExpire how long it is known when a user was last seen
 */
@ConfigurationProperties("sse.presence")
public record PresenceProperties(
        @DefaultValue("300s") Duration onlineExpire,
        @DefaultValue("600s") Duration clientInfoExpire,
        @DefaultValue("10s") Duration grace,
        @DefaultValue("30d") Duration lastSeenExpire) {

    private static final int REFRESHES = 3; // two may fail

    public PresenceProperties {
        between("sse.presence.online-expire", onlineExpire, Duration.ofSeconds(3), Duration.ofDays(1));
        between("sse.presence.client-info-expire", clientInfoExpire, Duration.ofSeconds(3), Duration.ofDays(1));
        between("sse.presence.grace", grace, Duration.ZERO, Duration.ofHours(1));
        between("sse.presence.last-seen-expire", lastSeenExpire, Duration.ofMinutes(1), Duration.ofDays(366));
    }

    /** How often each stream's leases must be refreshed. */
    public Duration refreshInterval() {
        Duration shorter = onlineExpire.compareTo(clientInfoExpire) < 0 ? onlineExpire : clientInfoExpire;
        return shorter.dividedBy(REFRESHES);
    }
}
