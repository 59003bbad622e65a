package dev.ssecluster.security;

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
 * The first look at every request. A browser may be made to send requests to a loopback address under a foreign name (DNS
 * rebinding); then its page could read the answers, so foreign names are refused. TRACE would echo what a page must not read.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class AdmissionFilter implements Filter {

    private final AllowedHosts hosts;
    private final Problems problems;

    AdmissionFilter(SecuritySettings settings, Problems problems) {
        this.hosts = new AllowedHosts(settings.allowedHosts());
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest httpRequest = (HttpServletRequest) request;
        RefusedException reason = reasonToRefuse(httpRequest);
        if (reason == null) {
            chain.doFilter(request, response);
        } else {
            problems.answer(reason, httpRequest, (HttpServletResponse) response);
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
}
