package dev.ssecluster.message;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.InboxMessage;
import dev.ssecluster.model.Json;
import dev.ssecluster.store.StoredMessage;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Shows stored messages as clients see them. Data go out as they came in. */
final class MessageViews {

    private MessageViews() {}

    static InboxMessage of(StoredMessage message) {
        Event event = message.event();
        Target target = event.target();
        return new InboxMessage(
                message.eventId(),
                event.type(),
                new Json(new String(event.data(), UTF_8)),
                event.priority(),
                message.status(),
                target.kind().label(),
                target.kind() == Target.Kind.GROUP ? target.name() : null,
                message.createdAt(),
                message.expiresAt());
    }
}
