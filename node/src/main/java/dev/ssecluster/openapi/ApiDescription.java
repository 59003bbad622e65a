package dev.ssecluster.openapi;

import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/**
 * Adds to what springdoc finds in the code (which calls there are, and what the records look like that they answer) what it cannot
 * find: {@code openapi.yaml}. Bodies of calls have their schemas only there, because readers of our own read them. The problems that any call may
 * answer are added to all. Runs once, when the description is asked for first.
 */
@Component
final class ApiDescription implements OpenApiCustomizer {

    private static final String SOURCE = "openapi.yaml";
    private static final List<String> EVERYWHERE = List.of("400", "401", "403", "404", "406", "500");
    private static final List<String> WITH_BODY = List.of("408", "413", "415");
    private static final String AWAY = "503";

    @Override
    public void customise(OpenAPI found) {
        OpenAPI written = read();
        found.setInfo(written.getInfo());
        found.setServers(written.getServers());
        found.setSecurity(written.getSecurity());
        found.setTags(written.getTags());
        describe(found.getComponents(), written.getComponents());
        found.getPaths().forEach((path, item) -> {
            PathItem described = written.getPaths().get(path);
            if (described != null) {
                described.readOperationsMap().forEach((method, operation) -> replace(item, method, operation));
            }
        });
    }

    private static OpenAPI read() {
        try (InputStream in = ApiDescription.class.getResourceAsStream(SOURCE)) {
            return Yaml31.mapper().readValue(in, OpenAPI.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void describe(Components found, Components written) {
        written.getSchemas().forEach(found::addSchemas);
        found.setParameters(written.getParameters());
        found.setResponses(written.getResponses());
        found.setSecuritySchemes(written.getSecuritySchemes());
    }

    /** Only calls that there are: some exist only in one security mode. */
    private static void replace(PathItem item, PathItem.HttpMethod method, Operation described) {
        if (item.readOperationsMap().containsKey(method)) {
            addProblems(described);
            item.operation(method, described);
        }
    }

    private static void addProblems(Operation operation) {
        ApiResponses responses = operation.getResponses();
        EVERYWHERE.forEach(status -> add(responses, status, "Problem"));
        if (operation.getRequestBody() != null) {
            WITH_BODY.forEach(status -> add(responses, status, "Problem"));
        }
        add(responses, AWAY, "Later");
    }

    private static void add(ApiResponses responses, String status, String component) {
        responses.putIfAbsent(status, new ApiResponse().$ref("#/components/responses/" + component));
    }
}
