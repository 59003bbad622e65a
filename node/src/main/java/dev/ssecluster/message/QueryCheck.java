package dev.ssecluster.message;

import dev.ssecluster.model.Defect;
import dev.ssecluster.model.Limits;
import dev.ssecluster.model.Rules;
import dev.ssecluster.problem.FieldFault;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the parameters of a query; collects all that is wrong with them. */
final class QueryCheck {

    private static final int HIGHEST_STATUS = 2;

    private final List<FieldFault> faults = new ArrayList<>(0);

    private QueryCheck() {}

    /** Raw bytes that are not UTF-8 arrive as one character, so different ids would become the same. */
    static QueryCheck of(HttpServletRequest request) {
        String query = request.getQueryString();
        if (query != null && query.indexOf('\uFFFD') >= 0) {
            throw RefusedException.of(ProblemType.MALFORMED_HTTP);
        }
        return new QueryCheck();
    }

    QueryCheck id(String field, String value) {
        return add(field, Rules.id(value));
    }

    QueryCheck eventId(String field, @Nullable String value) {
        return add(field, value == null || value.isEmpty() ? null : Rules.eventId(value));
    }

    QueryCheck status(@Nullable Integer value) {
        return range("status", value, 0, HIGHEST_STATUS);
    }

    QueryCheck limit(@Nullable Integer value) {
        return range("limit", value, 1, Limits.PAGE_MESSAGES);
    }

    void throwIfWrong() {
        if (!faults.isEmpty()) {
            throw RefusedException.invalid(faults);
        }
    }

    private QueryCheck add(String field, @Nullable Defect defect) {
        if (defect != null) {
            faults.add(FieldFault.of(field, defect));
        }
        return this;
    }

    private QueryCheck range(String field, @Nullable Integer value, int min, int max) {
        if (value != null && (value < min || value > max)) {
            faults.add(FieldFault.of(field, "out-of-range", min, max));
        }
        return this;
    }
}
