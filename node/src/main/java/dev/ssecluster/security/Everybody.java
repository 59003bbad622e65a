package dev.ssecluster.security;

import dev.ssecluster.event.Target;
import org.jspecify.annotations.Nullable;

/** The caller of every request in mode {@code none}: may do whatever the server has not kept for itself. */
final class Everybody implements Caller {

    static final Caller ANONYMOUS = new Everybody();

    private Everybody() {}

    @Override
    public String name() {
        return "anonymous";
    }

    @Override
    public @Nullable String user() {
        return null;
    }

    @Override
    public @Nullable String userOfStream(@Nullable String clientId) {
        return clientId;
    }

    @Override
    public boolean mayPublish() {
        return true;
    }

    @Override
    public boolean maySendTo(Target target) {
        return !ReservedGroups.contain(target);
    }

    @Override
    public boolean mayActFor(String user) {
        return true;
    }

    @Override
    public boolean mayVouch() {
        return false;
    }

    @Override
    public boolean mayAdminister() {
        return true;
    }

    @Override
    public boolean mayJoin(String group) {
        return true;
    }

    @Override
    public boolean mayUseClientId(String id) {
        return true;
    }

    @Override
    public long expiresNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public long streamEndsNanos() {
        return Long.MAX_VALUE;
    }
}
