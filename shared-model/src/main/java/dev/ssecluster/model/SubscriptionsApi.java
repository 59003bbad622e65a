package dev.ssecluster.model;

import java.util.Collection;
import java.util.List;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** Which groups users' streams listen to besides those that they name themselves; applications use {@link SseClusterApi}. */
@HttpExchange("/api/v1/sse")
public interface SubscriptionsApi {

    /**
     * Returns when the user's open streams have followed, on all nodes, or after 2 s. Repeating it is harmless; with other event
     * types it changes them.
     */
    @PostExchange(url = "/subscribe", contentType = "application/json", accept = "application/json")
    Answer<SubscriptionState> subscribe(@RequestBody Subscribe subscription);

    /** Returns when the user's open streams have followed, on all nodes, or after 2 s. Harmless when there is no such subscription. */
    @PostExchange(url = "/unsubscribe", contentType = "application/json", accept = "application/json")
    Answer<Unsubscribed> unsubscribe(@RequestBody Unsubscribe subscription);

    /** All of the user's subscriptions, by group, disabled ones too. */
    @GetExchange(url = "/subscriptions", accept = "application/json")
    Answer<List<SubscriptionState>> subscriptions(@RequestParam("user_id") String userId);

    /** Subscribes the user to all events of the group. */
    default SubscriptionState subscribe(String userId, String group) {
        return subscribe(Subscribe.to(userId, group)).data();
    }

    /** Subscribes the user to events of these types. */
    default SubscriptionState subscribe(String userId, String group, Collection<String> eventTypes) {
        return subscribe(Subscribe.to(userId, group, eventTypes)).data();
    }

    /** Ends the user's subscription to the group. */
    default void unsubscribe(String userId, String group) {
        unsubscribe(new Unsubscribe(userId, group));
    }
}
