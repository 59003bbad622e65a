package dev.ssecluster.message;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.InboxMessage;
import dev.ssecluster.model.Json;
import dev.ssecluster.store.StoredMessage;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Shows stored messages as clients see them. Data goes out as it came in. */
@Component
record MessageViews(JsonMapper mapper) {

    InboxMessage of(StoredMessage message) {
        Event event = message.event();
        Target target = event.target();
        return new InboxMessage(
                message.eventId(),
                event.type(),
                data(message),
                event.priority(),
                message.status(),
                target.kind().label(),
                target.kind() == Target.Kind.GROUP ? target.name() : null,
                message.createdAt(),
                message.expiresAt());
    }

    /** A publisher's data are JSON; what a predecessor stored may be any text. */
    private Object data(StoredMessage message) {
        String text = new String(message.event().data(), UTF_8);
        boolean isOurs = message.eventId().equals(Long.toString(message.event().id()));
        return isOurs || isJson(text) ? new Json(text) : text;
    }

    private boolean isJson(String text) {
        try {
            return !mapper.readTree(text).isMissingNode();
        } catch (JacksonException e) {
            return false;
        }
    }
}
