package dev.ssecluster.backplane;

/** Redis is away, too slow, or not adopted yet. Passing: the node recovers by itself. */
public final class BackplaneUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BackplaneUnavailableException(String message) {
        super(message, null, false, false); // thrown for every refused request while Redis is away: no stack trace
    }
}
