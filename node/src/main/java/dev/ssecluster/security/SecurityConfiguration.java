package dev.ssecluster.security;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Refuses to start a node whose security mode was not chosen. Before any other bean, so that this is the error that shows. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    static final String MODE = "sse.security.mode";

    @Bean
    static BeanFactoryPostProcessor securityModeCheck(Environment environment) {
        return _ -> check(environment.getProperty(MODE));
    }

    /** In mode {@code none} there is nothing to look at. */
    @Bean
    @ConditionalOnProperty(name = MODE, havingValue = "none")
    static Callers everybody() {
        return () -> Everybody.ANONYMOUS;
    }

    private static void check(@Nullable String mode) {
        if (mode == null || mode.isBlank()) {
            throw new SecurityModeException("Set " + MODE + ": it has no default. This version knows only \"none\": "
                    + "everybody who reaches the node may do everything.");
        }
        if (mode.equals("jwt")) {
            throw new SecurityModeException(MODE + "=jwt comes with a later version; this one knows only \"none\".");
        }
        if (!mode.equals("none")) {
            throw new SecurityModeException(MODE + " must be \"none\", not \"" + mode + "\".");
        }
    }
}
