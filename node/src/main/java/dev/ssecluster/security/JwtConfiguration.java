package dev.ssecluster.security;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.ssecluster.problem.Problems;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.MappedJwtClaimSetConverter;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Mode {@code jwt}: Spring Security's resource server, with only the filters that a request with a token needs. There are no sessions
 * and no forms, so nothing keeps them. The filters stand before everything but {@link AdmissionFilter}; the management port has none.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = SecurityConfiguration.MODE, havingValue = "jwt")
class JwtConfiguration {

    /** After the filters that count and time requests, so that refused ones are counted, too. */
    private static final int AFTER_OBSERVATION = -100;

    @Bean
    static AllowedHosts allowedHosts() {
        return AllowedHosts.all();
    }

    @Bean
    static Callers callersByToken() {
        return () -> {
            if (SecurityContextHolder.getContext().getAuthentication() instanceof TokenAuthentication authentication) {
                return authentication.caller();
            }
            throw new IllegalStateException("Nobody has been let through on this thread");
        };
    }

    @Bean
    static Tokens tokens(Origins origins, SecuritySettings settings) {
        return new Tokens(origins, settings.queryToken());
    }

    /** Tokens end by the clock of their issuer, so by this machine's, not by Redis'. */
    @Bean
    static TokenVerifier tokenVerifier(JwtSettings jwt, SecuritySettings settings) {
        return new TokenVerifier(decoder(jwt), new TokenReader(settings.userClaim(), jwt.clockSkew(), Clock.systemUTC()));
    }

    private static JwtDecoder decoder(JwtSettings settings) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(TokenKeys.of(settings));
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWTClaimsSetVerifier((_, _) -> {}); // the validators below do it
        NimbusJwtDecoder decoder = new NimbusJwtDecoder(processor);
        decoder.setClaimSetConverter(claims());
        decoder.setJwtValidator(validator(settings));
        return decoder;
    }

    /** A claim that is null is dropped; but one that shall narrow what the token may do must not widen it by that. */
    private static Converter<Map<String, Object>, Map<String, Object>> claims() {
        MappedJwtClaimSetConverter usual = MappedJwtClaimSetConverter.withDefaults(Map.of());
        return raw -> {
            Map<String, Object> claims = usual.convert(raw);
            if (raw.containsKey(TokenReader.PUBLISH_CLAIM)) {
                claims.putIfAbsent(TokenReader.PUBLISH_CLAIM, List.of());
            }
            return claims;
        };
    }

    private static OAuth2TokenValidator<Jwt> validator(JwtSettings settings) {
        if (settings.audiences().isEmpty()) {
            throw missing("audiences");
        }
        JwtTimestampValidator timestamps = new JwtTimestampValidator(settings.clockSkew());
        timestamps.setAllowEmptyExpiryClaim(false);
        return new DelegatingOAuth2TokenValidator<>(
                timestamps,
                new JwtIssuerValidator(issuer(settings)),
                new JwtClaimValidator<@Nullable List<String>>(JwtClaimNames.AUD,
                        audiences -> audiences != null && audiences.stream().anyMatch(settings.audiences()::contains)));
    }

    private static String issuer(JwtSettings settings) {
        String issuer = settings.issuer();
        if (issuer == null || issuer.isBlank()) {
            throw missing("issuer");
        }
        return issuer;
    }

    private static SecurityModeException missing(String name) {
        return new SecurityModeException("Set sse.security.jwt." + name + ": tokens that were made for others must not count here.");
    }

    @Bean
    static Refusals refusals(Problems problems, ObjectProvider<PassingRefusal> passing) {
        return new Refusals(problems, passing.orderedStream().toList());
    }

    @Bean
    static FilterRegistrationBean<FilterChainProxy> tokenFilters(Tokens tokens, TokenVerifier verifier, Refusals refusals) {
        BearerTokenAuthenticationFilter verification = new BearerTokenAuthenticationFilter(verifier, request -> {
            String token = tokens.resolve(request);
            return token == null ? null : new BearerTokenAuthenticationToken(token);
        });
        verification.setSecurityContextRepository(new NullSecurityContextRepository());
        verification.setAuthenticationEntryPoint(refusals);
        verification.setAuthenticationFailureHandler(refusals::commence);
        ExceptionTranslationFilter translation = new ExceptionTranslationFilter(refusals, new NullRequestCache());
        translation.setAccessDeniedHandler(refusals);
        FilterChainProxy filters = new FilterChainProxy(new DefaultSecurityFilterChain(AnyRequestMatcher.INSTANCE,
                new SecurityContextHolderFilter(new NullSecurityContextRepository()),
                new SessionEnd(tokens),
                verification,
                translation,
                new AuthorizationFilter(new PathRights())));
        filters.setFirewall(new HiddenToken());
        FilterRegistrationBean<FilterChainProxy> registration = new FilterRegistrationBean<>(filters);
        registration.setOrder(AFTER_OBSERVATION);
        return registration;
    }

    @Bean
    static WebMvcConfigurer rightsOfEndpoints(Callers callers) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new EndpointRights(callers));
            }
        };
    }
}
