package dev.ssecluster.security;

import dev.ssecluster.problem.Phrase;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.Problems;
import dev.ssecluster.problem.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/** Makes problems of what Spring Security refuses. */
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {

    private static final String CHALLENGE = "WWW-Authenticate";

    /** About as long as an issuer takes to be back after a hiccup. */
    private static final Duration KEYS_RETRY = Duration.ofSeconds(5);

    private final Problems problems;
    private final List<PassingRefusal> passing;

    Refusals(Problems problems, List<PassingRefusal> passing) {
        this.problems = problems;
        this.passing = passing;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException fault)
            throws IOException {
        if (!(fault instanceof AuthenticationServiceException)) {
            problems.answer(unauthorized(fault), request, response);
            return;
        }
        for (PassingRefusal each : passing) {
            if (each.answer(request, response)) {
                return;
            }
        }
        problems.answer(RefusedException.of(ProblemType.UNAVAILABLE).retryAfter(KEYS_RETRY), request, response);
    }

    private static RefusedException unauthorized(AuthenticationException fault) {
        return fault instanceof InvalidBearerTokenException
                ? unauthorized("invalid-token", "Bearer error=\"invalid_token\"")
                : unauthorized("no-token", "Bearer");
    }

    static RefusedException unauthorized(String reason, String challenge) {
        return RefusedException.of(ProblemType.UNAUTHORIZED, Phrase.of("unauthorized." + reason)).withHeader(CHALLENGE, challenge);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException fault) throws IOException {
        RefusedException refusal = Forbidden.SCOPE.refusal()
                .withHeader(CHALLENGE, "Bearer error=\"insufficient_scope\", scope=\"" + Scopes.ADMIN + "\"");
        problems.answer(refusal, request, response);
    }
}
