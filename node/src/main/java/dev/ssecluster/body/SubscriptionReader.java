package dev.ssecluster.body;

import dev.ssecluster.model.Limits;
import dev.ssecluster.model.Rules;
import dev.ssecluster.model.Subscribe;
import dev.ssecluster.model.Unsubscribe;
import dev.ssecluster.problem.FieldFault;
import dev.ssecluster.problem.Phrase;
import dev.ssecluster.problem.RefusedException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
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
    private Set<String> eventTypes = Set.of();

    SubscriptionReader(JsonBody json) {
        this.json = json;
        this.values = new Values(json, faults);
    }

    Subscribe readSubscribe() {
        read(Set.of(USER_ID, GROUP, EVENT_TYPES));
        return new Subscribe(Objects.requireNonNull(userId), Objects.requireNonNull(group), List.copyOf(eventTypes));
    }

    Unsubscribe readUnsubscribe() {
        read(Set.of(USER_ID, GROUP));
        return new Unsubscribe(Objects.requireNonNull(userId), Objects.requireNonNull(group));
    }

    private void read(Set<String> fields) {
        Set<String> seen = new HashSet<>();
        String name;
        while ((name = json.nextName()) != null) {
            json.next();
            if (!fields.contains(name)) {
                passOver(name, "unknown-field");
            } else if (seen.add(name)) {
                readField(name);
            } else {
                passOver(name, "duplicate");
            }
        }
        require(USER_ID, seen);
        require(GROUP, seen);
        faults.throwIfAny();
    }

    private void readField(String name) {
        switch (name) {
            case USER_ID -> userId = values.string(name, Rules::id);
            case GROUP -> group = values.string(name, Rules::id);
            default -> eventTypes = readTypes();
        }
    }

    private void passOver(String name, String code, Object... args) {
        json.skip();
        faults.add(name, code, args);
    }

    private void require(String field, Set<String> seen) {
        if (!seen.contains(field)) {
            faults.add(field, "required");
        }
    }

    /** In their order, each once. */
    private Set<String> readTypes() {
        Set<String> types = new LinkedHashSet<>();
        if (json.token() != JsonToken.START_ARRAY) {
            passOver(EVENT_TYPES, "wrong-type", Phrase.of("type.array"));
            return types;
        }
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
