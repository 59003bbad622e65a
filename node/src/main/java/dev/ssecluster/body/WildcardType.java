package dev.ssecluster.body;

import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses a body whose media type leaves open what it is. Spring does so itself, but not for calls whose body may be absent: there it fails
 * with an exception that looks like a fault of this node.
 */
record WildcardType() implements HandlerInterceptor {

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        String type = request.getContentType();
        if (type != null && type.indexOf('*') >= 0) {
            throw RefusedException.of(ProblemType.UNSUPPORTED_MEDIA_TYPE)
                    .withHeader(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
        }
        return true;
    }
}
