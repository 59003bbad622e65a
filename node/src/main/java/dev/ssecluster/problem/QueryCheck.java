package dev.ssecluster.problem;

import dev.ssecluster.model.Defect;
import dev.ssecluster.model.Limits;
import dev.ssecluster.model.Rules;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the parameters of a query, or of a path; collects all that is wrong with them. Used by one thread. */
public final class QueryCheck {

    private static final int HIGHEST_STATUS = 2;

    private final List<FieldFault> faults = new ArrayList<>(0);

    private final HttpServletRequest request;

    private QueryCheck(HttpServletRequest request) {
        this.request = request;
    }

    /** Raw bytes that are not UTF-8 arrive as one character, so different ids would become the same. */
    public static QueryCheck of(HttpServletRequest request) {
        String query = request.getQueryString();
        if (query != null && query.indexOf('\uFFFD') >= 0) {
            throw RefusedException.of(ProblemType.MALFORMED_HTTP);
        }
        return new QueryCheck(request);
    }

    /** An id of a user, a client or a group. */
    public QueryCheck id(String field, String value) {
        return add(field, Rules.id(value));
    }

    /** An event id, if there is one. */
    public QueryCheck eventId(String field, @Nullable String value) {
        return add(field, value == null || value.isEmpty() ? null : Rules.eventId(value));
    }

    /** A message's status, if there is one. */
    public QueryCheck status(@Nullable Integer value) {
        return range("status", value, 0, HIGHEST_STATUS);
    }

    /** How much is asked for at once, if that is said. */
    public QueryCheck limit(@Nullable Integer value) {
        return range("limit", value, 1, Limits.PAGE_MESSAGES);
    }

    /** Whatever else there is to be right. */
    public QueryCheck that(String field, boolean isRight) {
        if (isSingle(field) && !isRight) {
            faults.add(FieldFault.of(field, "wrong-value"));
        }
        return this;
    }

    /**
     * Ends the checks.
     *
     * @throws RefusedException with all that is wrong
     */
    public void throwIfWrong() {
        if (!faults.isEmpty()) {
            throw RefusedException.invalid(faults);
        }
    }

    /** Of several values one would count in silence. */
    private boolean isSingle(String field) {
        String[] values = request.getParameterValues(field);
        boolean isSingle = values == null || values.length == 1;
        if (!isSingle) {
            faults.add(FieldFault.of(field, "duplicate"));
        }
        return isSingle;
    }

    private QueryCheck add(String field, @Nullable Defect defect) {
        if (isSingle(field) && defect != null) {
            faults.add(FieldFault.of(field, defect));
        }
        return this;
    }

    private QueryCheck range(String field, @Nullable Integer value, int min, int max) {
        if (isSingle(field) && value != null && (value < min || value > max)) {
            faults.add(FieldFault.of(field, "out-of-range", min, max));
        }
        return this;
    }
}
