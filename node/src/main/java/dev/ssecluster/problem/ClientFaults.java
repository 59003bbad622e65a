package dev.ssecluster.problem;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.web.util.DisconnectedClientHelper;

/** Recognizes faults of the client in what goes wrong while its request is read. */
public final class ClientFaults {

    private ClientFaults() {}

    /** What to answer when the body cannot be read to its end. */
    public static RefusedException whileReading(IOException fault) {
        RefusedException known = refusalIn(fault);
        if (known != null) {
            return known;
        }
        // A timeout elsewhere may be this node's own; while a body is read it is the client's.
        return RefusedException.of(
                findCause(fault, TimeoutException.class) != null ? ProblemType.BODY_TIMEOUT : ProblemType.INCOMPLETE_BODY);
    }

    /** The refusal behind this fault; null when it does not say that the client did something wrong. */
    static @Nullable RefusedException refusalIn(Throwable fault) {
        RefusedException refusal = findCause(fault, RefusedException.class);
        if (refusal != null) {
            return refusal;
        }
        // Jetty parses parameters, cookies and chunks only when they are asked for.
        HttpException http = findCause(fault, HttpException.class);
        return http != null && http.getCode() < 500 ? RefusedException.ofStatus(http.getCode()) : null;
    }

    /**
     * Whether nobody is left to read an answer. Only faults of our own writing count: a connection to Redis or MySQL may break
     * with the same words, inside an exception of its own.
     */
    static boolean isDisconnect(Exception fault) {
        return (fault instanceof IOException || fault instanceof HttpMessageNotWritableException)
                && DisconnectedClientHelper.isClientDisconnectedException(fault);
    }

    private static <T> @Nullable T findCause(Throwable fault, Class<T> type) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
