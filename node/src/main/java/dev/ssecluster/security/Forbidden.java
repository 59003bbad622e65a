package dev.ssecluster.security;

import dev.ssecluster.problem.Phrase;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;

/** Why a caller may not do what it asks for; says so in the problem's detail. */
public enum Forbidden {
    /** The endpoint needs a scope that the token does not have. */
    SCOPE("scope"),
    /** It is another user's. */
    USER("user"),
    /** Another user's client id. */
    CLIENT_ID("client-id"),
    /** The token does not grant the group. */
    GROUP("group"),
    /** The token may not send there. */
    TARGET("target");

    private final String code;

    Forbidden(String code) {
        this.code = "forbidden." + code;
    }

    /**
     * Refuses the request, unless it is allowed.
     *
     * @throws RefusedException unless {@code allowed}
     */
    public void unless(boolean allowed) {
        if (!allowed) {
            throw refusal();
        }
    }

    /** The refusal, not thrown: for one message of many. */
    public RefusedException refusal() {
        return RefusedException.of(ProblemType.FORBIDDEN, Phrase.of(code));
    }
}
