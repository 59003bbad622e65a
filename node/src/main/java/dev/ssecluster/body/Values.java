package dev.ssecluster.body;

import dev.ssecluster.model.Defect;
import dev.ssecluster.problem.Phrase;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** Reads objects of a body and single values, each of one type. A value of another type is passed over and becomes a fault. */
final class Values {

    /** Longer than any number that is allowed anywhere, and short enough for a {@code long}. */
    private static final int LONGEST_NUMBER = 18;

    private final JsonBody json;
    private final Faults faults;

    Values(JsonBody json, Faults faults) {
        this.json = json;
        this.faults = faults;
    }

    /**
     * Reads the rest of an object, each field by its reader. A field without one, or that comes again, is a fault.
     *
     * @return the names of the fields that were there
     */
    Set<String> fields(Map<String, Runnable> readers) {
        Set<String> seen = new HashSet<>();
        String name;
        while ((name = json.nextName()) != null) {
            json.next();
            Runnable reader = readers.get(name);
            if (reader == null) {
                passOver(name, "unknown-field");
            } else if (seen.add(name)) {
                reader.run();
            } else {
                passOver(name, "duplicate");
            }
        }
        return seen;
    }

    /** Whether the current value is an array; if not, it is passed over. */
    boolean isArray(String field) {
        if (json.token() == JsonToken.START_ARRAY) {
            return true;
        }
        wrongType(field, "type.array");
        return false;
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
        passOver(field, "wrong-type", Phrase.of(type));
    }

    private void passOver(String field, String code, Object... args) {
        json.skip();
        faults.add(field, code, args);
    }
}
