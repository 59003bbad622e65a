package dev.ssecluster.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Whether a send that failed may still appear. */
public enum Outcome {
    /** It certainly never appears: repeat it as you like. */
    NOT_SENT("not_sent"),

    /** It may appear: repeat it with the same idempotency key, else it may appear twice. */
    UNKNOWN("unknown");

    private final String label;

    Outcome(String label) {
        this.label = label;
    }

    /** The outcome of that name; anything that a newer node may say counts as unknown, which is safe. */
    @JsonCreator
    public static Outcome ofLabel(String label) {
        return label.equals(NOT_SENT.label) ? NOT_SENT : UNKNOWN;
    }

    /** The name of this outcome in JSON. */
    @JsonValue
    public String label() {
        return label;
    }
}
