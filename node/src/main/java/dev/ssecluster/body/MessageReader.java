package dev.ssecluster.body;

import dev.ssecluster.model.BatchMessage;
import dev.ssecluster.model.Broadcast;
import dev.ssecluster.model.Content;
import dev.ssecluster.model.GroupSend;
import dev.ssecluster.model.Limits;
import dev.ssecluster.model.Priority;
import dev.ssecluster.model.Rules;
import dev.ssecluster.model.Send;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message and checks it completely. Its object is always read to its end, so that after a refusal the next message
 * of a batch can be read.
 */
final class MessageReader {

    private final JsonBody json;
    private final String path;
    private final long longestTtl;
    private final Faults faults = new Faults();
    private final Values values;

    private @Nullable String userId;
    private @Nullable String clientId;
    private @Nullable String group;
    private @Nullable Boolean broadcast;
    private @Nullable String type;
    private @Nullable EncodedJson data;
    private @Nullable Priority priority;
    private @Nullable Boolean persist;
    private @Nullable Long ttl;
    private @Nullable String idempotencyKey;

    /**
     * @param path what comes before the fields' names in faults: empty, or {@code messages[3].}
     * @param longestTtl seconds
     */
    MessageReader(JsonBody json, String path, long longestTtl) {
        this.json = json;
        this.path = path;
        this.longestTtl = longestTtl;
        this.values = new Values(json, faults);
    }

    Send readSend() {
        readMessage(Shape.TO_ONE);
        return new Send(userId, clientId, content(), null);
    }

    GroupSend readGroupSend() {
        readMessage(Shape.TO_GROUP);
        return new GroupSend(Objects.requireNonNull(group), content(), null);
    }

    Broadcast readBroadcast() {
        readMessage(Shape.TO_EVERYONE);
        return new Broadcast(content(), null);
    }

    /** Reads the current value, which should be an object, as a message of a batch. */
    BatchMessage readBatchMessage(String position) {
        if (values.isObject(position)) {
            readMessage(Shape.IN_BATCH);
        }
        faults.throwIfAny();
        return new BatchMessage(new BatchMessage.To(userId, clientId, group, broadcast), content(), idempotencyKey);
    }

    private void readMessage(Shape shape) {
        Set<Field> seen = readFields(shape, path);
        require(seen, Field.EVENT_TYPE);
        require(seen, Field.DATA);
        faults.throwIfAny();
    }

    private Content content() {
        return new Content(type, data, priority, persist, ttl);
    }

    private Set<Field> readFields(Shape shape, String prefix) {
        EnumSet<Field> seen = EnumSet.noneOf(Field.class);
        String name;
        while ((name = json.nextName()) != null) {
            json.next();
            Field field = Field.of(name);
            if (field == null || !shape.fields().contains(field)) {
                passOver(prefix + name, "unknown-field");
            } else if (!seen.add(field)) {
                passOver(prefix + name, "duplicate");
            } else {
                readValue(field, prefix + name);
            }
        }
        requireOneTarget(shape, seen, prefix);
        return seen;
    }

    private void passOver(String name, String code) {
        json.skip();
        faults.add(name, code);
    }

    private void readValue(Field field, String name) {
        switch (field) {
            case USER_ID -> userId = values.string(name, Rules::id);
            case CLIENT_ID -> clientId = values.string(name, Rules::id);
            case GROUP -> group = values.string(name, Rules::id);
            case BROADCAST -> broadcast = readTrue(name);
            case TARGET -> readTarget(name);
            case EVENT_TYPE -> type = values.string(name, Rules::eventType);
            case DATA -> data = readData();
            case PRIORITY -> priority = readPriority(name);
            case PERSIST -> persist = values.bool(name);
            case TTL -> ttl = values.number(name, 1, longestTtl);
            case IDEMPOTENCY_KEY -> idempotencyKey = values.string(name, Rules::idempotencyKey);
        }
    }

    private void readTarget(String name) {
        if (values.isObject(name)) {
            readFields(Shape.TARGET, name + ".");
        }
    }

    private @Nullable Boolean readTrue(String name) {
        Boolean value = values.bool(name);
        if (Boolean.FALSE.equals(value)) {
            faults.add(name, "only-true");
        }
        return value;
    }

    private @Nullable Priority readPriority(String name) {
        Long level = values.number(name, 0, Priority.URGENT.level());
        return level == null ? null : Priority.ofLevel(level.intValue());
    }

    private EncodedJson readData() {
        EncodedJson value = json.value();
        int bytes = value.utf8().length;
        if (bytes > Limits.DATA_BYTES) {
            faults.addOther(RefusedException.of(ProblemType.DATA_TOO_LARGE, bytes, Limits.DATA_BYTES));
        }
        return value;
    }

    private void require(Set<Field> seen, Field field) {
        if (!seen.contains(field)) {
            faults.add(path + field.label(), "required");
        }
    }

    /** Where there is a choice, the fault names the first of the fields and its message all of them. */
    private void requireOneTarget(Shape shape, Set<Field> seen, String prefix) {
        Set<Field> targets = shape.targets();
        long count = targets.stream().filter(seen::contains).count();
        if (targets.isEmpty() || count == 1) {
            return;
        }
        String first = prefix + targets.iterator().next().label();
        if (targets.size() == 1) {
            faults.add(first, "required");
        } else {
            faults.add(first, "one-target", shape.targetLabels());
        }
    }
}
