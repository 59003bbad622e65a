package dev.ssecluster.backplane;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import static dev.ssecluster.backplane.Require.between;

/**
 * This node as a member of the cluster.
 *
 * @param lease a node that has not renewed its lease for this long counts as dead, and its streams as gone
 * @param renewInterval how often it renews it; well below the lease
 * @param address what {@code /info} says where it is; null: the server's address and port
 */
@ConfigurationProperties("sse.node")
public record NodeProperties(
        @DefaultValue("8s") Duration lease,
        @DefaultValue("2s") Duration renewInterval,
        @Nullable String address) {

    public NodeProperties {
        between("sse.node.lease", lease, Duration.ofSeconds(1), Duration.ofMinutes(5));
        between("sse.node.renew-interval", renewInterval, Duration.ofMillis(100), lease.dividedBy(2));
    }
}
