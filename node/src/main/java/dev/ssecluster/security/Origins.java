package dev.ssecluster.security;

import dev.ssecluster.problem.AnswerHeaders;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The web origins whose pages may call this node (CORS). An allowed one is echoed exactly; {@code *} would not do with credentials. Every
 * answer says that it depends on the origin, or a cache would give one page what is meant for another.
 */
@Component
final class Origins implements AnswerHeaders {

    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9.-]+|\\[[0-9a-f:]+])(:\\d{1,5})?");

    private final Set<String> allowed;

    Origins(SecuritySettings settings) {
        this.allowed = settings.allowedOrigins();
        allowed.forEach(Origins::check);
    }

    private static void check(String origin) {
        if (!ORIGIN.matcher(origin).matches()) {
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
