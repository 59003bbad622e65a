package dev.ssecluster.body;

import dev.ssecluster.model.Defect;
import dev.ssecluster.problem.FieldFault;
import dev.ssecluster.problem.RefusedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with one message, or another object of a body; grows while it is read, so that all of it is reported together. */
final class Faults {

    /** Enough to correct a message; a hostile one must not make a large answer. */
    private static final int MOST = 20;

    private final List<FieldFault> found = new ArrayList<>(0);
    private @Nullable RefusedException other;

    void add(String field, String code, Object... args) {
        add(FieldFault.of(field, code, args));
    }

    void add(String field, Defect defect) {
        add(FieldFault.of(field, defect));
    }

    private void add(FieldFault fault) {
        if (found.size() < MOST) {
            found.add(fault);
        }
    }

    /** A reason to refuse the message that counts only when all fields are right. */
    void addOther(RefusedException reason) {
        other = other == null ? reason : other;
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw RefusedException.invalid(found);
        }
        if (other != null) {
            throw other;
        }
    }
}
