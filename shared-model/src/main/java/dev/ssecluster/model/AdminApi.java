package dev.ssecluster.model;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** What administrators do with streams, on whichever nodes these are; applications use {@link SseClusterApi}. */
@HttpExchange("/api/v1/sse")
public interface AdminApi {

    /**
     * Closes all streams with that client id. Answers when they are closed, or after 2 s with what is known then. With none, the answer is a
     * 404 of the type {@code no-streams}; a block holds all the same.
     *
     * @param how null: the clients may come back at once, and will
     */
    @PostExchange(url = "/disconnect", contentType = "application/json", accept = "application/json")
    Answer<Disconnected> disconnectClient(
            @RequestParam("id") String clientId, @RequestBody(required = false) @Nullable Disconnect how);

    /** Closes all streams of that user; otherwise as {@link #disconnectClient}. */
    @PostExchange(url = "/users/disconnect", contentType = "application/json", accept = "application/json")
    Answer<Disconnected> disconnectUser(
            @RequestParam("user_id") String userId, @RequestBody(required = false) @Nullable Disconnect how);

    /**
     * Who is in a group now, by connection id. A page is as of its own moment: while members come and go, pages do not fit together exactly.
     *
     * @param limit 1 to {@link Limits#PAGE_MESSAGES}; null: 100
     * @param cursor the {@link GroupPage#next()} of the page before; null: the first page
     */
    @GetExchange(url = "/group", accept = "application/json")
    GroupPage group(
            @RequestParam("group") String group,
            @RequestParam(name = "limit", required = false) @Nullable Integer limit,
            @RequestParam(name = "cursor", required = false) @Nullable String cursor);

    /** Closes all streams with that client id; they come back by themselves. */
    default Disconnected disconnectClient(String clientId) {
        return disconnectClient(clientId, null).data();
    }

    /** Closes all streams of that user; they come back by themselves. */
    default Disconnected disconnectUser(String userId) {
        return disconnectUser(userId, null).data();
    }

    /** Who is in a group: the first page. */
    default GroupPage group(String group) {
        return group(group, null, null);
    }
}
