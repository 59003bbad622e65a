package dev.ssecluster.problem;

import dev.ssecluster.model.Defect;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Ends a request with a problem. Thrown wherever something is found wrong; {@link Problems} makes the answer of it.
 * It carries no stack trace, because it says what a caller did, not what this code did.
 */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemType type;
    private final transient List<FieldFault> faults;
    private final transient List<Object> args;
    private final transient Map<String, String> headers;
    private final String reason;

    private RefusedException(
            ProblemType type, List<FieldFault> faults, List<Object> args, Map<String, String> headers, String reason) {
        super(type.slug() + faults, null, false, false);
        this.type = type;
        this.reason = reason;
        this.faults = faults;
        this.args = args;
        this.headers = headers;
    }

    /**
     * A refusal without faults of single fields.
     *
     * @param args what the detail says beyond its type
     */
    public static RefusedException of(ProblemType type, Object... args) {
        return new RefusedException(type, List.of(), Phrase.texts(args), Map.of(), type.slug());
    }

    /** What a server or a framework means when all it says is this status. */
    static RefusedException ofStatus(int status) {
        ProblemType type = ProblemType.ofStatus(status);
        return type.saysWhy() ? of(type, Phrase.of(type.slug() + ".other")) : of(type);
    }

    /** A request with these faults, at least one. */
    public static RefusedException invalid(List<FieldFault> faults) {
        return new RefusedException(
                ProblemType.INVALID_REQUEST, List.copyOf(faults), List.of(), Map.of(), ProblemType.INVALID_REQUEST.slug());
    }

    /** A request with one fault. */
    public static RefusedException invalid(FieldFault fault) {
        return invalid(List.of(fault));
    }

    /** A request with a name that breaks a rule. */
    public static RefusedException invalid(String field, Defect defect) {
        return invalid(FieldFault.of(field, defect));
    }

    /** This refusal, with the advice to come back after that time, in whole seconds. */
    public RefusedException retryAfter(Duration delay) {
        return withHeader("Retry-After", Long.toString(delay.toSeconds()));
    }

    /** This refusal, with a header in its answer. */
    public RefusedException withHeader(String name, String value) {
        return new RefusedException(type, faults, args, Map.of(name, value), reason);
    }

    /** This refusal, counted for that reason and not for its type. */
    public RefusedException countedAs(String label) {
        return new RefusedException(type, faults, args, headers, label);
    }

    /** The kind of problem. */
    public ProblemType type() {
        return type;
    }

    /** What it is counted as. */
    String reason() {
        return reason;
    }

    List<FieldFault> faults() {
        return faults;
    }

    Object[] args() {
        return args.toArray();
    }

    Map<String, String> headers() {
        return headers;
    }
}
