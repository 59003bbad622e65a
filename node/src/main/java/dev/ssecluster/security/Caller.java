package dev.ssecluster.security;

import dev.ssecluster.event.Target;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request, and what they may do. Immutable, so a stream may keep asking it after its request has ended. The rules are in
 * docs/security.md; every method answers false when it is not certain.
 */
public interface Caller {

    /** What tells callers apart, for idempotency keys and rates. In mode {@code none} everybody has the same name. */
    String name();

    /** The user that the token is for; null when it is for none, and in mode {@code none}. */
    @Nullable String user();

    /**
     * Whose stream it is when the request does not say: the token's user, in mode {@code none} the user with the name of the client id.
     *
     * @param clientId as the request gives it; null: it gives none
     */
    @Nullable String userOfStream(@Nullable String clientId);

    /** Whether they may send at all; {@link #maySendTo} says to whom. */
    boolean mayPublish();

    /** Whether they may send to that target. Groups that are the server's own to publish to are refused to everybody. */
    boolean maySendTo(Target target);

    /** Whether they may read and change what is that user's, and open streams for them. */
    boolean mayActFor(String user);

    /**
     * Whether what they arrange for a user holds whatever that user's own token says: they act for any user, by their token. Nobody
     * does in mode {@code none}.
     */
    boolean mayVouch();

    /** Whether they may see who is online, close streams and look at the cluster. */
    boolean mayAdminister();

    /** Whether a stream or a subscription of theirs may follow that group. */
    boolean mayJoin(String group);

    /** Whether a stream of theirs may carry that client id. */
    boolean mayUseClientId(String id);

    /** {@link System#nanoTime()} at which all this ends; {@link Long#MAX_VALUE}: never. */
    long expiresNanos();

    /** {@link System#nanoTime()} at which a stream that opens now ends; {@link Long#MAX_VALUE}: never. */
    long streamEndsNanos();
}
