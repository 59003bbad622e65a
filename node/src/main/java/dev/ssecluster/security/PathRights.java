package dev.ssecluster.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;

/**
 * What everything needs that is asked of the public port, whether it exists or not: a valid token; and outside of the API, where
 * somebody may have put the management endpoints, an administrator's.
 */
final class PathRights implements AuthorizationManager<HttpServletRequest> {

    private static final String API = "/api/v1/sse/";

    @Override
    public AuthorizationDecision authorize(Supplier<? extends @Nullable Authentication> authentication, HttpServletRequest request) {
        return new AuthorizationDecision(authentication.get() instanceof TokenAuthentication token
                && (request.getRequestURI().startsWith(API) || token.caller().mayAdminister()));
    }
}
