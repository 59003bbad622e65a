package dev.ssecluster.body;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses a body that no call would take before the first byte of it has come: Spring waits for that byte to see whether there is
 * a body, and a client that declares too much and sends nothing would get its answer only after a timeout.
 *
 * @param limit bytes
 */
record DeclaredLength(long limit) implements HandlerInterceptor {

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getContentLengthLong() > limit) {
            throw Bodies.tooLarge();
        }
        return true;
    }
}
