package dev.ssecluster.body;

import dev.ssecluster.model.Defect;
import dev.ssecluster.problem.Phrase;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** Reads single values of a body, each of one type. A value of another type is passed over and becomes a fault. */
final class Values {

    /** Longer than any number that is allowed anywhere, and short enough for a {@code long}. */
    private static final int LONGEST_NUMBER = 18;

    private final JsonBody json;
    private final Faults faults;

    Values(JsonBody json, Faults faults) {
        this.json = json;
        this.faults = faults;
    }

    @Nullable String string(String field, Function<String, @Nullable Defect> rule) {
        if (json.token() != JsonToken.VALUE_STRING) {
            wrongType(field, "type.string");
            return null;
        }
        String text = json.text();
        Defect defect = rule.apply(text);
        if (defect != null) {
            faults.add(field, defect);
            return null;
        }
        return text;
    }

    @Nullable Boolean bool(String field) {
        if (json.token() == JsonToken.VALUE_TRUE) {
            return true;
        }
        if (json.token() == JsonToken.VALUE_FALSE) {
            return false;
        }
        wrongType(field, "type.boolean");
        return null;
    }

    /** A whole number from {@code min} to {@code max}, both included, written without point and exponent. */
    @Nullable Long number(String field, long min, long max) {
        if (json.token() == JsonToken.VALUE_NUMBER_INT) {
            String digits = json.text();
            long value = digits.length() > LONGEST_NUMBER ? Long.MAX_VALUE : Long.parseLong(digits);
            if (value >= min && value <= max) {
                return value;
            }
        }
        json.skip();
        faults.add(field, "out-of-range", min, max);
        return null;
    }

    /** Whether the current value is an object; if not, it is passed over. */
    boolean isObject(String field) {
        if (json.token() == JsonToken.START_OBJECT) {
            return true;
        }
        wrongType(field, "type.object");
        return false;
    }

    private void wrongType(String field, String type) {
        json.skip();
        faults.add(field, "wrong-type", Phrase.of(type));
    }
}
