package dev.ssecluster.security;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may talk to a node.
 *
 * @param allowedHosts names, without port, that the {@code Host} header may have beside loopback names in mode {@code none}
 * @param allowedOrigins web origins such as {@code https://app.example.com} whose pages may call this node and read its answers
 * @param userClaim the claim of a token that holds its user
 * @param queryToken whether a token may come in the query, as {@code access_token}: whoever sees the URL then has the token
 */
@ConfigurationProperties("sse.security")
record SecuritySettings(
        @DefaultValue Set<String> allowedHosts,
        @DefaultValue Set<String> allowedOrigins,
        @DefaultValue("sub") String userClaim,
        @DefaultValue("false") boolean queryToken) {}
