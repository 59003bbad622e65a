package dev.ssecluster.body;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields that objects of a send can have. */
enum Field {
    USER_ID("user_id"),
    CLIENT_ID("client_id"),
    GROUP("group"),
    BROADCAST("broadcast"),
    TARGET("target"),
    EVENT_TYPE("event_type"),
    DATA("data"),
    PRIORITY("priority"),
    PERSIST("persist"),
    TTL("ttl"),
    IDEMPOTENCY_KEY("idempotency_key");

    private static final Map<String, Field> BY_LABEL =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Field::label, Function.identity()));

    private final String label;

    Field(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    static @Nullable Field of(String label) {
        return BY_LABEL.get(label);
    }
}
