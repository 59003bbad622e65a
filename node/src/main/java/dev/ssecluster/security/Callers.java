package dev.ssecluster.security;

/** Knows who makes the current request. To be asked on the thread that serves it; {@link Caller} itself may leave that thread. */
@FunctionalInterface
public interface Callers {

    /**
     * The caller of the request that this thread serves.
     *
     * @throws IllegalStateException outside of a request that security has let through: nobody may do anything there
     */
    Caller current();
}
