package dev.ssecluster.security;

import dev.ssecluster.problem.Phrase;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.Problems;
import dev.ssecluster.problem.RefusedException;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * The first look at every request. In mode {@code none} a browser may be made to send requests to a loopback address under a foreign
 * name (DNS rebinding); then its page could read the answers, so foreign names are refused. TRACE would echo what a page must not
 * read. A browser that asks what a page may do (a preflight) is answered here: it carries no token.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class AdmissionFilter implements Filter {

    private final AllowedHosts hosts;
    private final Origins origins;
    private final Problems problems;

    AdmissionFilter(AllowedHosts hosts, Origins origins, Problems problems) {
        this.hosts = hosts;
        this.origins = origins;
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest httpRequest = (HttpServletRequest) request;
        HttpServletResponse httpResponse = (HttpServletResponse) response;
        String origin = httpRequest.getHeader("Origin");
        origins.write(origin, httpResponse::setHeader);
        RefusedException reason = reasonToRefuse(httpRequest);
        if (reason != null) {
            problems.answer(reason, httpRequest, httpResponse);
        } else if (origin != null && isPreflight(httpRequest)) {
            answerPreflight(origin, httpRequest, httpResponse);
        } else {
            chain.doFilter(request, response);
        }
    }

    private @Nullable RefusedException reasonToRefuse(HttpServletRequest request) {
        if (!isAllowed(request.getHeader("Host")) || !isAllowed(request.getServerName())) {
            return RefusedException.of(ProblemType.HOST_NOT_ALLOWED);
        }
        return request.getMethod().equals("TRACE") ? noTrace() : null;
    }

    private static RefusedException noTrace() {
        return RefusedException.of(ProblemType.METHOD_NOT_ALLOWED).withHeader("Allow", "GET, HEAD, POST, OPTIONS");
    }

    /** HTTP/2 may name the host only in the URI; then there is no header to check. */
    private boolean isAllowed(@Nullable String host) {
        return host == null || hosts.allows(host);
    }

    private static boolean isPreflight(HttpServletRequest request) {
        return request.getMethod().equals("OPTIONS") && request.getHeader("Access-Control-Request-Method") != null;
    }

    private void answerPreflight(String origin, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (origins.allow(origin)) {
            Origins.writePermissions(response::setHeader);
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else {
            problems.answer(RefusedException.of(ProblemType.FORBIDDEN, Phrase.of("forbidden.origin")), request, response);
        }
    }
}
