package dev.ssecluster.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Lets a request through to its endpoint when its caller has the right that {@link Requires} names there. An endpoint of this project
 * without it is refused to everybody; one of a library, which cannot have it, to all but administrators.
 */
final class EndpointRights implements HandlerInterceptor {

    private static final String OURS = "dev.ssecluster.";

    private final Callers callers;
    private final Map<Method, Optional<Right>> rights = new ConcurrentHashMap<>();

    EndpointRights(Callers callers) {
        this.callers = callers;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!request.getMethod().equals("OPTIONS")) { // which only says what the path supports
            check(handler instanceof HandlerMethod method ? rightFor(method) : Right.ADMINISTER);
        }
        return true;
    }

    private void check(@Nullable Right right) {
        if (right == null || !right.isHeldBy(callers.current())) {
            String scope = right == null ? "" : ", scope=\"" + right.scope() + "\"";
            throw Forbidden.SCOPE.refusal().withHeader("WWW-Authenticate", "Bearer error=\"insufficient_scope\"" + scope);
        }
    }

    private @Nullable Right rightFor(HandlerMethod endpoint) {
        Right named = rights.computeIfAbsent(endpoint.getMethod(), _ -> named(endpoint)).orElse(null);
        return named != null || endpoint.getBeanType().getName().startsWith(OURS) ? named : Right.ADMINISTER;
    }

    private static Optional<Right> named(HandlerMethod endpoint) {
        Requires onMethod = AnnotatedElementUtils.findMergedAnnotation(endpoint.getMethod(), Requires.class);
        Requires onClass = AnnotatedElementUtils.findMergedAnnotation(endpoint.getBeanType(), Requires.class);
        return Optional.ofNullable(onMethod != null ? onMethod : onClass).map(Requires::value);
    }
}
