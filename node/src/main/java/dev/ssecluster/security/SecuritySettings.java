package dev.ssecluster.security;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may talk to a node.
 *
 * @param allowedHosts names, without port, that the {@code Host} header may have beside loopback names in mode {@code none}
 */
@ConfigurationProperties("sse.security")
record SecuritySettings(@DefaultValue Set<String> allowedHosts) {}
