package dev.ssecluster.publish;

/**
 * Who sends: the owner of idempotency keys. Without security everybody is the same caller.
 *
 * @param name what tells callers apart
 */
record Caller(String name) {

    private static final Caller ANONYMOUS = new Caller("anonymous");

    /** The caller of the current request. */
    static Caller current() {
        return ANONYMOUS;
    }
}
