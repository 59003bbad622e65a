package dev.ssecluster.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Lets a page of ours end its session before any token is looked at: a cookie whose token has ended, or whose key has gone, must go, too,
 * and a script cannot remove it. Others need a token, as for everything.
 */
final class SessionEnd implements Filter {

    private final Tokens tokens;

    SessionEnd(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) throws IOException, ServletException {
        if (isEnd((HttpServletRequest) request)) {
            end((HttpServletResponse) response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private boolean isEnd(HttpServletRequest request) {
        return request.getMethod().equals("DELETE") && request.getRequestURI().equals(SessionController.PATH) && tokens.isOfOurs(request);
    }

    private static void end(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        SessionController.ENDED.forEach((name, values) -> values.forEach(value -> response.setHeader(name, value)));
    }
}
