package dev.ssecluster.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;

/**
 * Finds the token of a request: in its header, else in its cookie, else, where that is allowed, in its query.
 *
 * <p>A browser adds the cookie to requests that any page makes it send. So it counts only when the browser says that the page is one of
 * ours, and that a script asked (an image, a form or a link does not). Several cookies of that name mean that somebody else has set
 * one; then none counts. A blank token is none.
 */
final class Tokens implements BearerTokenResolver {

    static final String COOKIE = "sse_token";
    static final String PARAMETER = "access_token";

    private static final String SCHEME = "Bearer ";
    private static final Set<String> OUR_SITES = Set.of("same-origin", "same-site");
    private static final String SCRIPT = "empty";

    private final Origins origins;
    private final boolean inQuery;

    Tokens(Origins origins, boolean inQuery) {
        this.origins = origins;
        this.inQuery = inQuery;
    }

    @Override
    public @Nullable String resolve(HttpServletRequest request) {
        String token = inHeader(request);
        if (token == null) {
            token = inCookie(request);
        }
        return token == null && inQuery ? inQuery(request) : token;
    }

    /** The token of the {@code Authorization} header; null when there is none. */
    static @Nullable String inHeader(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        boolean isBearer = header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        return isBearer ? given(header.substring(SCHEME.length()).strip()) : null;
    }

    private static @Nullable String given(@Nullable String token) {
        return token == null || token.isBlank() ? null : token;
    }

    private @Nullable String inCookie(HttpServletRequest request) {
        return request.getHeader("Cookie") != null && isOfOurs(request) ? given(onlyCookie(request)) : null;
    }

    /** Whether the browser says that a script of a page of ours asks. */
    boolean isOfOurs(HttpServletRequest request) {
        String destination = request.getHeader("Sec-Fetch-Dest");
        boolean isScript = destination == null || destination.equals(SCRIPT);
        return isScript && (isOfOurOrigin(request.getHeader("Origin")) || isOfOurSite(request.getHeader("Sec-Fetch-Site")));
    }

    private boolean isOfOurOrigin(@Nullable String origin) {
        return origin != null && origins.allow(origin);
    }

    private static boolean isOfOurSite(@Nullable String site) {
        return site != null && OUR_SITES.contains(site);
    }

    private static @Nullable String onlyCookie(HttpServletRequest request) {
        String found = null;
        Cookie[] cookies = request.getCookies(); // null also when the header has nothing that can be read
        for (Cookie cookie : cookies == null ? new Cookie[0] : cookies) {
            if (cookie.getName().equals(COOKIE)) {
                if (found != null) {
                    return null;
                }
                found = cookie.getValue();
            }
        }
        return found;
    }

    /** Only where nothing is changed by it, because such a link may be anywhere; and only if the query no longer shows it. */
    private static @Nullable String inQuery(HttpServletRequest request) {
        boolean changesNothing = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        String query = request.getQueryString();
        boolean isHidden = query != null && query.contains(HiddenToken.SHOWN);
        return changesNothing && isHidden ? given(request.getParameter(PARAMETER)) : null;
    }
}
