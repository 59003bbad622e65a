package dev.ssecluster.security;

/** The node does not start, because its settings do not say, or not rightly, who may talk to it. The message says what to do. */
final class SecurityModeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SecurityModeException(String message) {
        super(message);
    }
}
