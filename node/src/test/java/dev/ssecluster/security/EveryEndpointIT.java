package dev.ssecluster.security;

import dev.ssecluster.publish.Http;
import dev.ssecluster.publish.Http.Answered;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Whatever a node offers is refused without a token and with a token that is not for it: also what was added after this test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryEndpointIT {

    private static final String BASE = "/api/v1/sse";

    /** Answered to everybody who has a valid token: there is nobody else's right in it. */
    private static final Set<String> OWN = Set.of("POST /session", "DELETE /session");

    private static final String FOREIGN_BODY = "{\"user_id\":\"other\",\"group\":\"g\",\"up_to\":\"1\"}";
    private static final Map<String, String> BODIES = Map.of(
            "/subscribe", "{\"user_id\":\"other\",\"group\":\"g\"}",
            "/unsubscribe", "{\"user_id\":\"other\",\"group\":\"g\"}",
            "/messages/read", "{\"user_id\":\"other\",\"up_to\":\"1\"}");

    private TestNode node;
    private Http http;

    @BeforeAll
    void start() {
        node = TestNode.start(TestTokens.settings());
        http = new Http(node.port(), "");
    }

    @AfterAll
    void stop() {
        node.close();
    }

    /** One thing that can be called. */
    record Endpoint(String method, String path, HandlerMethod handler) {

        boolean isOurs() {
            return handler.getBeanType().getName().startsWith("dev.ssecluster.");
        }

        @Nullable Requires requires() {
            Requires onMethod = AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), Requires.class);
            return onMethod != null ? onMethod : AnnotatedElementUtils.findMergedAnnotation(handler.getBeanType(), Requires.class);
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    Stream<Endpoint> endpoints() {
        List<Endpoint> found = new ArrayList<>();
        node.bean(RequestMappingHandlerMapping.class).getHandlerMethods().forEach((mapping, handler) -> found.addAll(of(mapping, handler)));
        assertThat(found).hasSizeGreaterThan(10);
        return found.stream();
    }

    private static List<Endpoint> of(RequestMappingInfo mapping, HandlerMethod handler) {
        List<Endpoint> found = new ArrayList<>();
        for (String pattern : mapping.getPatternValues()) {
            String path = pattern.replaceAll("\\{[^}]*}", "other");
            Stream<String> methods = mapping.getMethodsCondition().getMethods().stream().map(Enum::name);
            (mapping.getMethodsCondition().isEmpty() ? Stream.of("GET", "POST") : methods)
                    .forEach(method -> found.add(new Endpoint(method, path, handler)));
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void whenThereIsAnEndpointThenItSaysWhatItRequires(Endpoint endpoint) {
        assertThat(!endpoint.isOurs() || endpoint.requires() != null).isTrue();
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void whenThereIsNoTokenThenEveryEndpointRefuses(Endpoint endpoint) {
        for (String method : List.of(endpoint.method(), "HEAD", "OPTIONS", "PUT", "DELETE")) {
            assertThat(call(method, endpoint.path()).status()).as(method).isEqualTo(401);
        }
        assertThat(call(endpoint.method(), endpoint.path()).problem()).isEqualTo("unauthorized");
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void whenATokenIsNotForItThenEveryEndpointRefuses(Endpoint endpoint) {
        for (String scopes : tooLittle(endpoint)) {
            Answered answer = call(endpoint.method(), endpoint.path(), TestTokens.of("u").scopes(scopes).header());
            boolean isOwn = OWN.contains(endpoint.toString().replace(BASE, ""));
            assertThat(answer.status()).as("%s with scopes <%s>: %s", endpoint, scopes, answer.body()).isEqualTo(isOwn ? 204 : 403);
        }
    }

    private static List<String> tooLittle(Endpoint endpoint) {
        Requires requires = endpoint.requires();
        return switch (requires == null ? Right.ADMINISTER : requires.value()) {
            case ANY_TOKEN -> List.of("", "sse.publish");
            case PUBLISH -> List.of("", "sse.act");
            case ADMINISTER -> List.of("", "sse.publish sse.act");
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/", "/index.html", "/favicon.ico", "/error", "/console", "/console/index.html", "/webjars/x.js", "/actuator", "/actuator/health",
        "/actuator/prometheus", "/actuator/env", "/v3/api-docs", "/api", "/api/v1/sse", "/api/v1/ssex", "/login", "/logout"
    })
    void whenSomethingElseIsAskedForThenOnlyAnAdministratorLearnsThatItIsNotThere(String path) {
        for (String method : List.of("GET", "HEAD", "OPTIONS", "POST")) {
            assertThat(exchange(method, path).status()).as(method).isEqualTo(401);
            assertThat(exchange(method, path, TestTokens.of("u").scopes("sse.publish", "sse.act").header()).status()).isEqualTo(403);
        }
        assertThat(exchange("GET", path, TestTokens.of("a").scopes("sse.admin").header()).status()).isIn(200, 404);
    }

    @Test
    void whenAPathOfTheApiDoesNotExistThenATokenIsNeededToLearnThat() {
        assertThat(exchange("GET", BASE + "/nothing").status()).isEqualTo(401);
        assertThat(exchange("GET", BASE + "/nothing", TestTokens.of("u").header()).problem()).isEqualTo("not-found");
        assertThat(exchange("PATCH", BASE + "/messages", TestTokens.of("u").header()).problem()).isEqualTo("method-not-allowed");
    }

    @Test
    void whenManagementHasItsOwnPortThenItNeedsNoToken() {
        assertThat(new Http(node.managementPort(), "").get("/actuator/health/readiness").status()).isEqualTo(200);
    }

    private Answered call(String method, String path, String... headers) {
        String body = BODIES.getOrDefault(path.replace(BASE, ""), FOREIGN_BODY);
        boolean hasBody = method.equals("POST") || method.equals("PUT");
        return request(method, path + (hasBody ? "" : "?user_id=other&id=other&group=g"), hasBody ? body : "", headers);
    }

    private Answered exchange(String method, String path, String... headers) {
        return request(method, path, "", headers);
    }

    private Answered request(String method, String path, String body, String... headers) {
        return http.exchange(method, path, body.getBytes(UTF_8), "application/json", headers);
    }
}
