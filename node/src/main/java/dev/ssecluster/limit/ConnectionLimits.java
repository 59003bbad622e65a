package dev.ssecluster.limit;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Whom a node believes, and how long it waits for a request.
 *
 * @param trustedProxies addresses and blocks ({@code 10.0.0.0/8}) of the proxies in front of the nodes, whose
 *     {@code X-Forwarded-For} tells the client's address
 * @param headerTimeout how long the head of a request may take from its first byte on, and how long a new connection may stay
 *     without a request
 * @param bodyTimeout how long the body of a request may take
 */
@ConfigurationProperties("sse.http")
public record ConnectionLimits(
        @DefaultValue List<String> trustedProxies,
        @DefaultValue("10s") Duration headerTimeout,
        @DefaultValue("30s") Duration bodyTimeout) {

    public ConnectionLimits {
        trustedProxies.forEach(AddressRange::parse);
        Assert.isTrue(headerTimeout.toMillis() > 0, "sse.http.header-timeout must be at least 1ms");
        Assert.isTrue(bodyTimeout.toMillis() > 0, "sse.http.body-timeout must be at least 1ms");
    }
}
