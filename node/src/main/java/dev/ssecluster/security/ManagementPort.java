package dev.ssecluster.security;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Keeps health and metrics off the public port: unless told otherwise, the management port is the server's plus 1000. */
final class ManagementPort implements EnvironmentPostProcessor {

    private static final String PROPERTY = "management.server.port";

    private static final int DISTANCE = 1000;

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Integer port = environment.getProperty("server.port", Integer.class);
        if (port != null && !environment.containsProperty(PROPERTY)) {
            int management = port > 0 ? port + DISTANCE : port; // 0: any free port, -1: none
            environment.getPropertySources().addLast(new MapPropertySource("managementPort", Map.of(PROPERTY, management)));
        }
    }
}
