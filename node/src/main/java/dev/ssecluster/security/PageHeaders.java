package dev.ssecluster.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** What a browser is told to refuse where pages are served: anything that is not from here, and being shown inside other pages. */
final class PageHeaders {

    /** Where pages will be. Nothing else here answers with HTML. */
    private static final String PAGES = "/console";

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private PageHeaders() {}

    static void write(HttpServletRequest request, HttpServletResponse response) {
        if (request.getRequestURI().startsWith(PAGES)) {
            response.setHeader("Content-Security-Policy", POLICY);
            response.setHeader("X-Frame-Options", "DENY");
            response.setHeader("Referrer-Policy", "no-referrer");
            response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        }
    }
}
