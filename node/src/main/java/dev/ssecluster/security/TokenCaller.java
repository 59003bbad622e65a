package dev.ssecluster.security;

import dev.ssecluster.event.Target;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a verified token says. It does not keep the token.
 *
 * @param scopes all of them, also those that mean nothing here
 * @param groups it may join
 * @param targets it may send to; null: any
 * @param expNanos {@link System#nanoTime()} of the end that it names
 * @param expiresNanos {@link System#nanoTime()} until which it counts, because the issuer's clock may be off
 */
record TokenCaller(
        String name,
        @Nullable String user,
        Set<String> scopes,
        Patterns groups,
        @Nullable Patterns targets,
        long expNanos,
        long expiresNanos) implements Caller {

    private static final String OPEN_GROUP = "default";

    /** Not later than the token says: a client that renews it needs its end, and nobody else's clock. */
    @Override
    public long streamEndsNanos() {
        return expNanos - System.nanoTime() > 0 ? expNanos : expiresNanos;
    }

    @Override
    public @Nullable String userOfStream(@Nullable String clientId) {
        return user; // never the client id, which anybody may choose
    }

    @Override
    public boolean mayPublish() {
        return scopes.contains(Scopes.PUBLISH) || mayAdminister();
    }

    /** The claim narrows whatever the scopes give, an administrator's too. */
    @Override
    public boolean maySendTo(Target target) {
        return mayPublish() && !ReservedGroups.contain(target) && (targets == null || targets.match(text(target)));
    }

    private static String text(Target target) {
        return target.equals(Target.BROADCAST) ? "broadcast" : target.kind().label() + ":" + target.name();
    }

    @Override
    public boolean mayActFor(String other) {
        return other.equals(user) || mayVouch();
    }

    @Override
    public boolean mayVouch() {
        return scopes.contains(Scopes.ACT) || mayAdminister();
    }

    @Override
    public boolean mayAdminister() {
        return scopes.contains(Scopes.ADMIN);
    }

    @Override
    public boolean mayJoin(String group) {
        return group.equals(OPEN_GROUP) || groups.match(group) || mayVouch();
    }

    @Override
    public boolean mayUseClientId(String id) {
        return mayVouch() || (user != null && (id.equals(user) || id.startsWith(user + ":")));
    }
}
