package dev.ssecluster.security;

/** The scopes that mean something here. */
final class Scopes {

    static final String PUBLISH = "sse.publish";
    static final String ACT = "sse.act";
    static final String ADMIN = "sse.admin";

    private Scopes() {}
}
