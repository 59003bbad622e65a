package dev.ssecluster.problem;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;

/** Recognizes faults of the client in what goes wrong while its request is read. */
public final class ClientFaults {

    private ClientFaults() {}

    /** What to answer when the body cannot be read to its end. */
    public static RefusedException whileReading(IOException fault) {
        RefusedException known = refusalOf(fault);
        return known != null ? known : RefusedException.of(ProblemType.INCOMPLETE_BODY);
    }

    /** The refusal behind this fault or one of its causes; null when the client did nothing wrong. */
    static @Nullable RefusedException refusalOf(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            RefusedException refusal = refusalOfSingle(cause);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private static @Nullable RefusedException refusalOfSingle(Throwable cause) {
        return switch (cause) {
            case RefusedException refusal -> refusal;
            case TimeoutException _ -> RefusedException.of(ProblemType.BODY_TIMEOUT);
            // Jetty parses parameters, cookies and chunks only when they are asked for.
            case HttpException http when http.getCode() < 500 -> RefusedException.of(ProblemType.ofStatus(http.getCode()));
            default -> null;
        };
    }
}
