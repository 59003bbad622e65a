package dev.ssecluster.security;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A verified token in Spring Security's terms. It holds no credentials, so nothing that logs it can show any. */
final class TokenAuthentication extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;

    private final transient TokenCaller caller;

    TokenAuthentication(TokenCaller caller) {
        super(List.of());
        this.caller = caller;
        super.setAuthenticated(true);
    }

    TokenCaller caller() {
        return caller;
    }

    @Override
    public Object getPrincipal() {
        return caller.name();
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
