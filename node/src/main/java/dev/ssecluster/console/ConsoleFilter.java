package dev.ssecluster.console;

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
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Answers requests for the console and the browser client. Stands after the filter that looks at hosts and origins, and before
 * tokens are asked for: a page cannot send one before it is there, and there is nothing in these files that is not in the sources. Where the
 * console is off, its paths are as unknown as all others.
 *
 * <p>A browser keeps the files but asks each time whether they are still the same, so that a new version shows at once.
 */
@Component
@Order(ConsoleFilter.BEFORE_TOKENS)
final class ConsoleFilter implements Filter {

    static final int BEFORE_TOKENS = -200;

    /** What the page may do: nothing that is not from here, and no text ever becomes markup or a script. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private final ServedFiles files;
    private final Problems problems;

    ConsoleFilter(ConsoleProperties properties, Environment environment, Problems problems) throws IOException {
        this.files = ServedFiles.load(properties.isServed(environment.getRequiredProperty("sse.security.mode")));
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) throws IOException, ServletException {
        HttpServletRequest httpRequest = (HttpServletRequest) request;
        HttpServletResponse httpResponse = (HttpServletResponse) response;
        ServedFile file = files.at(httpRequest.getRequestURI());
        if (file == null) {
            chain.doFilter(request, response);
        } else if (isRead(httpRequest)) {
            answer(file, httpRequest, httpResponse);
        } else {
            problems.answer(RefusedException.of(ProblemType.METHOD_NOT_ALLOWED).withHeader("Allow", "GET, HEAD"), httpRequest, httpResponse);
        }
    }

    private static boolean isRead(HttpServletRequest request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }

    private static void answer(ServedFile file, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("ETag", file.tag());
        if (file.part() == ServedFile.Part.CONSOLE) {
            tie(response);
        }
        String known = request.getHeader("If-None-Match");
        if (known != null && known.contains(file.tag())) { // one of a list, perhaps a weak one
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
        } else {
            response.setContentType(file.type());
            response.setContentLength(file.length());
            file.writeTo(response.getOutputStream()); // which the server leaves out where HEAD was asked
        }
    }

    /** To this origin. */
    private static void tie(HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    }
}
