package dev.ssecluster.body;

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
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Refuses a media type that leaves open what the body is. Spring does so itself where a body is required; elsewhere, also for paths that do not
 * exist, it fails with an exception that looks like a fault of this node.
 */
@Component
final class WildcardType implements Filter {

    private final Problems problems;

    WildcardType(Problems problems) {
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String type = request.getContentType();
        if (type == null || type.indexOf('*') < 0) {
            chain.doFilter(request, response);
            return;
        }
        RefusedException refusal = RefusedException.of(ProblemType.UNSUPPORTED_MEDIA_TYPE)
                .withHeader(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
        problems.answer(refusal, (HttpServletRequest) request, (HttpServletResponse) response);
    }
}
