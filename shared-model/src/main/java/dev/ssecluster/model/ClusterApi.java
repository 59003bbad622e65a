package dev.ssecluster.model;

import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** What the cluster is, and who is there; applications use {@link SseClusterApi}. */
@HttpExchange("/api/v1/sse")
public interface ClusterApi {

    /** The nodes, and how much they have. */
    @GetExchange(url = "/info", accept = "application/json")
    Answer<ClusterInfo> info();

    /** Whether a user is there, and where. */
    @GetExchange(url = "/users", accept = "application/json")
    Answer<UserPresence> presence(@RequestParam("user_id") String userId);
}
