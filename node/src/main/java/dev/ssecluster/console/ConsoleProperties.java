package dev.ssecluster.console;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The console.
 *
 * @param enabled whether a node serves it; without it, in mode {@code none} it does and in mode {@code jwt} it does not. Its files
 *     need no token, but every call that it makes does
 */
@ConfigurationProperties("sse.console")
record ConsoleProperties(@Nullable Boolean enabled) {

    boolean isServed(String securityMode) {
        return enabled == null ? securityMode.equals("none") : enabled;
    }
}
