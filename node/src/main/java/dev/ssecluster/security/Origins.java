package dev.ssecluster.security;

import dev.ssecluster.problem.AnswerHeaders;
import java.net.URI;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The web origins whose pages may call this node (CORS). An allowed one is echoed exactly; {@code *} would not do with credentials. Every
 * answer says that it depends on the origin, or a cache would give one page what is meant for another.
 */
@Component
final class Origins implements AnswerHeaders {

    private final Set<String> allowed;

    Origins(SecuritySettings settings) {
        this.allowed = settings.allowedOrigins();
        allowed.forEach(Origins::check);
    }

    private static void check(String origin) {
        URI uri = URI.create(origin);
        boolean isOrigin = uri.getHost() != null && origin.equals(uri.getScheme() + "://" + uri.getRawAuthority());
        if (!isOrigin || !origin.matches("https?://[^A-Z@*]+")) {
            throw new SecurityModeException("sse.security.allowed-origins: \"" + origin + "\" is not an origin as a browser writes it,"
                    + " such as https://app.example.com: scheme, name in lower case and, unless it is the usual one, port.");
        }
    }

    boolean allow(String origin) {
        return allowed.contains(origin);
    }

    @Override
    public void write(@Nullable String origin, BiConsumer<String, String> header) {
        header.accept("X-Content-Type-Options", "nosniff");
        if (!allowed.isEmpty()) {
            header.accept("Vary", "Origin");
        }
        if (origin != null && allow(origin)) {
            header.accept("Access-Control-Allow-Origin", origin);
            header.accept("Access-Control-Allow-Credentials", "true");
            header.accept("Access-Control-Expose-Headers", "Retry-After, Idempotency-Replayed");
        }
    }

    /** What a browser asks before it lets a script send something unusual. */
    static void writePermissions(BiConsumer<String, String> header) {
        header.accept("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE");
        header.accept("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID, Idempotency-Key");
        header.accept("Access-Control-Max-Age", "7200");
    }
}
