package dev.ssecluster.body;

import dev.ssecluster.model.Limits;
import dev.ssecluster.model.Rules;
import dev.ssecluster.model.Subscribe;
import dev.ssecluster.model.Unsubscribe;
import dev.ssecluster.problem.FieldFault;
import dev.ssecluster.problem.RefusedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** Reads the bodies that begin and end subscriptions, and checks them completely. */
final class SubscriptionReader {

    private static final String USER_ID = "user_id";
    private static final String GROUP = "group";
    private static final String EVENT_TYPES = "event_types";

    private final JsonBody json;
    private final Faults faults = new Faults();
    private final Values values;

    private @Nullable String userId;
    private @Nullable String group;
    private List<String> eventTypes = List.of();

    SubscriptionReader(JsonBody json) {
        this.json = json;
        this.values = new Values(json, faults);
    }

    Subscribe readSubscribe() {
        read(Map.of(USER_ID, this::readUser, GROUP, this::readGroup, EVENT_TYPES, this::readTypes));
        return new Subscribe(Objects.requireNonNull(userId), Objects.requireNonNull(group), eventTypes);
    }

    Unsubscribe readUnsubscribe() {
        read(Map.of(USER_ID, this::readUser, GROUP, this::readGroup));
        return new Unsubscribe(Objects.requireNonNull(userId), Objects.requireNonNull(group));
    }

    private void read(Map<String, Runnable> readers) {
        Set<String> seen = values.fields(readers);
        require(USER_ID, seen);
        require(GROUP, seen);
        faults.throwIfAny();
    }

    private void require(String field, Set<String> seen) {
        if (!seen.contains(field)) {
            faults.add(field, "required");
        }
    }

    private void readUser() {
        userId = values.string(USER_ID, Rules::id);
    }

    private void readGroup() {
        group = values.string(GROUP, Rules::id);
    }

    private void readTypes() {
        if (values.isArray(EVENT_TYPES)) {
            eventTypes = List.copyOf(types());
        }
    }

    /** In their order, each once. */
    private Set<String> types() {
        Set<String> types = new LinkedHashSet<>();
        for (int i = 0; json.next() != JsonToken.END_ARRAY; i++) {
            String type = values.string(EVENT_TYPES + "[" + i + "]", Rules::eventType);
            if (type != null) {
                types.add(type);
            }
            if (characters(types) > Limits.EVENT_TYPES_CHARACTERS) {
                throw RefusedException.invalid(FieldFault.of(EVENT_TYPES, "types-too-long", Limits.EVENT_TYPES_CHARACTERS));
            }
        }
        return types;
    }

    /** Joined with commas. */
    private static int characters(Set<String> types) {
        return types.stream().mapToInt(String::length).sum() + types.size() - 1;
    }
}
