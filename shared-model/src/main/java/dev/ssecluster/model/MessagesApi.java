package dev.ssecluster.model;

import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * The stored messages to a user; applications use {@link SseClusterApi}. Messages to groups, to client ids and to everyone are not
 * among them. Where an event id is asked for, the {@code id} of a stream will do as it stands.
 */
@HttpExchange("/api/v1/sse")
public interface MessagesApi {

    /**
     * The user's messages that a client has not had yet, oldest first. Changes nothing.
     *
     * @param lastEventId the messages after this one; null: those that no stream of the user's has written yet
     * @param limit 1 to {@link Limits#PAGE_MESSAGES}; null: 100
     */
    @GetExchange(url = "/messages/pending", accept = "application/json")
    MessagePage pending(
            @RequestParam("user_id") String userId,
            @RequestParam(name = "last_event_id", required = false) @Nullable String lastEventId,
            @RequestParam(name = "limit", required = false) @Nullable Integer limit);

    /**
     * The user's messages, newest first.
     *
     * @param status only those with this status, see {@link InboxMessage#status()}; null: all
     * @param before only those older than this one: the {@link MessagePage#next()} of the page before
     * @param limit 1 to {@link Limits#PAGE_MESSAGES}; null: 100
     */
    @GetExchange(url = "/messages", accept = "application/json")
    MessagePage inbox(
            @RequestParam("user_id") String userId,
            @RequestParam(name = "status", required = false) @Nullable Integer status,
            @RequestParam(name = "before", required = false) @Nullable String before,
            @RequestParam(name = "limit", required = false) @Nullable Integer limit);

    /** Marks messages as read. Repeating it changes nothing; unknown messages and those of other users are passed over. */
    @PostExchange(url = "/messages/read", contentType = "application/json", accept = "application/json")
    Answer<MarkedRead> markRead(@RequestBody MarkRead messages);

    /** How many of the user's messages are not read. */
    @GetExchange(url = "/messages/unread", accept = "application/json")
    Answer<UnreadCount> unread(@RequestParam("user_id") String userId);

    /** The first of the user's messages that no stream of theirs has written yet, oldest first. */
    default MessagePage pending(String userId) {
        return pending(userId, null, null);
    }

    /** The first of the user's messages after the one with that event id, oldest first. */
    default MessagePage pending(String userId, String lastEventId) {
        return pending(userId, lastEventId, null);
    }

    /** The user's newest messages, newest first. */
    default MessagePage inbox(String userId) {
        return inbox(userId, null, null, null);
    }
}
