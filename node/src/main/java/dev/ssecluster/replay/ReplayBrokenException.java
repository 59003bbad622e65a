package dev.ssecluster.replay;

/** A replay cannot go on: its stream has to end, and the client's reconnect finds out what can be had. */
final class ReplayBrokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ReplayBrokenException(String message) {
        super(message, null, false, false); // every stream's, when Redis goes
    }
}
