package dev.ssecluster.security;

import dev.ssecluster.model.Defect;
import dev.ssecluster.problem.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Puts a token into a cookie, for browsers: their EventSource cannot set headers. The node keeps nothing, so any node knows the session,
 * and it ends when its token does.
 */
@RestController
@RequestMapping(SessionController.PATH)
@Requires(Right.ANY_TOKEN)
@ConditionalOnProperty(name = SecurityConfiguration.MODE, havingValue = "jwt")
class SessionController {

    static final String PATH = "/api/v1/sse/session";

    /** The headers that remove the cookie. */
    static final HttpHeaders ENDED = HttpHeaders.readOnlyHttpHeaders(headers("", Duration.ZERO));

    /** Browsers drop longer cookies without a word: 4096 bytes with name and attributes. */
    private static final int LONGEST = 3900;

    private final Callers callers;

    SessionController(Callers callers) {
        this.callers = callers;
    }

    @PostMapping
    ResponseEntity<Void> begin(HttpServletRequest request) {
        String token = Tokens.inHeader(request);
        if (token == null) {
            throw Refusals.unauthorized("session", "Bearer");
        }
        if (token.length() > LONGEST) {
            throw RefusedException.invalid(HttpHeaders.AUTHORIZATION, Defect.TOO_LONG);
        }
        return answer(headers(token, Duration.ofNanos(callers.current().expiresNanos() - System.nanoTime())));
    }

    @DeleteMapping
    ResponseEntity<Void> end() {
        return answer(ENDED);
    }

    private static ResponseEntity<Void> answer(HttpHeaders headers) {
        return ResponseEntity.noContent().headers(headers).build();
    }

    private static HttpHeaders headers(String token, Duration life) {
        ResponseCookie cookie = ResponseCookie.from(Tokens.COOKIE, token)
                .path("/api/v1/sse")
                .maxAge(life)
                .httpOnly(true)
                .secure(true)
                .sameSite("Lax")
                .build();
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.SET_COOKIE, cookie.toString());
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        return headers;
    }
}
