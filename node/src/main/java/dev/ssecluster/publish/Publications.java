package dev.ssecluster.publish;

import dev.ssecluster.backplane.Publication;
import dev.ssecluster.backplane.Publication.IdempotencyKey;
import dev.ssecluster.body.EncodedJson;
import dev.ssecluster.event.Target;
import dev.ssecluster.event.Trace;
import dev.ssecluster.model.BatchMessage;
import dev.ssecluster.model.Content;
import dev.ssecluster.model.Priority;
import dev.ssecluster.model.Send;
import dev.ssecluster.security.Caller;
import dev.ssecluster.security.Callers;
import dev.ssecluster.security.Forbidden;
import dev.ssecluster.store.RetentionProperties;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes publications of messages that were read and are valid, if their caller may send them. */
@Component
final class Publications {

    private final Callers callers;
    private final Traces traces;
    private final long retention; // seconds

    Publications(Callers callers, Traces traces, RetentionProperties life) {
        this.callers = callers;
        this.traces = traces;
        this.retention = life.retention().toSeconds();
    }

    /**
     * @param key the caller's idempotency key, if it gave one
     * @param trace of its request, or null
     * @throws dev.ssecluster.problem.RefusedException when the caller may not send to that target
     */
    Publication of(Target target, Content content, @Nullable String key, @Nullable Trace trace) {
        Caller caller = callers.current();
        Forbidden.TARGET.unless(caller.maySendTo(target));
        String type = Objects.requireNonNull(content.type());
        byte[] data = ((EncodedJson) Objects.requireNonNull(content.data())).utf8();
        Priority priority = Objects.requireNonNullElse(content.priority(), Priority.NORMAL);
        IdempotencyKey idempotencyKey = key == null
                ? null
                : new IdempotencyKey(hash(caller, key), hash(target, content, type, priority, data));
        return new Publication(target, type, priority, data, isPersisted(content), ttlSeconds(content), idempotencyKey,
                traces.forMessage(trace));
    }

    private static boolean isPersisted(Content content) {
        return Boolean.TRUE.equals(content.persist());
    }

    /** What is not stored lives as long as the history has it. */
    private long ttlSeconds(Content content) {
        if (content.ttl() != null) {
            return content.ttl();
        }
        return isPersisted(content) ? retention : 0;
    }

    static Target target(Send message) {
        return message.userId() != null
                ? Target.user(message.userId())
                : Target.client(Objects.requireNonNull(message.clientId()));
    }

    static Target target(BatchMessage.To to) {
        if (to.userId() != null) {
            return Target.user(to.userId());
        }
        if (to.clientId() != null) {
            return Target.client(to.clientId());
        }
        return to.group() != null ? Target.group(to.group()) : Target.BROADCAST;
    }

    private static String hash(Caller caller, String key) {
        return new Fingerprint().add(caller.name()).add(key).text();
    }

    /** Absent and default values count as the same, because they mean the same. */
    private static String hash(Target target, Content content, String type, Priority priority, byte[] data) {
        return new Fingerprint()
                .add(target.kind().label())
                .add(target.name())
                .add(type)
                .add(Integer.toString(priority.level()))
                .add(Boolean.toString(isPersisted(content)))
                .add(content.ttl() == null ? "" : Long.toString(content.ttl()))
                .add(data)
                .text();
    }
}
