package dev.ssecluster.problem;

import dev.ssecluster.model.Defect;
import java.util.List;

/**
 * One field that is wrong, not yet in any language.
 *
 * @param field its place in the body, or the name of a header or parameter
 * @param code the message is {@code fault.<code>} in the bundles
 * @param args what the message says beyond that: text or {@link Phrase}s
 */
public record FieldFault(String field, String code, List<Object> args) {

    /** Longer names come from nobody who can read the answer. */
    private static final int LONGEST_FIELD = 200;

    public FieldFault {
        field = field.length() <= LONGEST_FIELD ? field : field.substring(0, LONGEST_FIELD) + "…";
    }

    /** A name that breaks a rule. */
    public static FieldFault of(String field, Defect defect) {
        return new FieldFault(field, defect.code(), List.of());
    }

    /** Any other fault. */
    public static FieldFault of(String field, String code, Object... args) {
        return new FieldFault(field, code, Phrase.texts(args));
    }
}
