package dev.ssecluster.subscription;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Limits of subscriptions.
 *
 * @param maxPerUser how many subscriptions a user may have, disabled ones too
 */
@ConfigurationProperties("sse.subscription")
record SubscriptionProperties(@DefaultValue("100") int maxPerUser) {

    SubscriptionProperties {
        Assert.isTrue(maxPerUser > 0, "sse.subscription.max-per-user must be at least 1");
    }
}
