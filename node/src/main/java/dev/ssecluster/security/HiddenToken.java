package dev.ssecluster.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;

/**
 * Takes a token out of the query that a request shows, because whatever logs requests logs the query. It checks nothing else: Jetty has
 * refused ambiguous paths already, and ids may have characters that Spring Security's own check would not let through.
 */
final class HiddenToken implements HttpFirewall {

    /** What the query shows instead. */
    static final String SHOWN = Tokens.PARAMETER + "=...";

    private static final Pattern TOKEN = Pattern.compile("(?<=^|&)" + Tokens.PARAMETER + "=[^&]*");

    @Override
    public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
        return new FirewalledRequest(request) {
            @Override
            public @Nullable String getQueryString() {
                String query = super.getQueryString();
                return query == null ? null : TOKEN.matcher(query).replaceAll(SHOWN);
            }

            @Override
            public void reset() {
                // it holds nothing back
            }
        };
    }

    @Override
    public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
        return response;
    }
}
