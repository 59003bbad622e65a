package dev.ssecluster.docs;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a node says of its API at {@code /v3/api-docs}. */
final class DescribedApi {

    private static final String BASE = "/api/v1/sse";
    private static final String SCHEMAS = "/components/schemas";

    private final JsonNode description;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    DescribedApi(JsonNode description) {
        this.description = description;
        description.at(SCHEMAS).forEach(DescribedApi::takeNoUnknownFields);
    }

    /** Answers may get fields that old clients do not know; but what is said of them here is to be all that there is. */
    private static void takeNoUnknownFields(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("properties") && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
    }

    /**
     * One call.
     *
     * @param path without the base path
     */
    record Call(String method, String path, JsonNode operation) {

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** A value that stands for a request or an answer, with the schema that it has to fit. */
    record Example(String where, JsonNode schema, JsonNode value) {}

    List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        description.path("paths").properties().forEach(path -> path.getValue().properties().forEach(operation ->
                calls.add(new Call(operation.getKey().toUpperCase(Locale.ROOT), path.getKey().substring(BASE.length()), operation.getValue()))));
        return calls;
    }

    /** @param in {@code query}, {@code header} or {@code path} */
    List<JsonNode> parameters(Call call, String in) {
        return call.operation().path("parameters").valueStream().map(this::resolve)
                .filter(parameter -> parameter.path("in").asString().equals(in)).toList();
    }

    /** Names, of one of these kinds. */
    Set<String> names(Call call, String in) {
        return parameters(call, in).stream().map(parameter -> parameter.path("name").asString()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Fields of the body, also of the objects in it. */
    Set<String> fields(Call call) {
        Set<String> fields = new TreeSet<>();
        addFields(body(call).path("schema"), fields);
        return fields;
    }

    private void addFields(JsonNode reference, Set<String> fields) {
        JsonNode schema = resolve(reference);
        fields.addAll(schema.path("properties").propertyNames());
        schema.path("properties").forEach(property -> addFields(property, fields));
        if (schema.has("items")) {
            addFields(schema.path("items"), fields);
        }
    }

    /** The content of the request, or nothing. */
    JsonNode body(Call call) {
        return call.operation().path("requestBody").path("content").path("application/json");
    }

    /** The content of the answer with that status, or nothing. */
    JsonNode answer(Call call, String status) {
        return resolve(call.operation().path("responses").path(status)).path("content").valueStream().findFirst()
                .orElse(JsonNodeFactory.instance.objectNode());
    }

    /** Of the request, its parameters, and all answers that have content. Where there should be one and is not, its value is missing. */
    List<Example> examples(Call call) {
        List<Example> examples = new ArrayList<>();
        if (call.operation().has("requestBody")) {
            examples.addAll(of(call + " request", body(call)));
        }
        for (JsonNode parameter : call.operation().path("parameters")) {
            JsonNode resolved = resolve(parameter);
            examples.addAll(of(call + " " + resolved.path("name").asString(), resolved));
        }
        for (String status : call.operation().path("responses").propertyNames()) {
            JsonNode content = answer(call, status);
            if (content.has("schema")) {
                examples.addAll(of(call + " " + status, content));
            }
        }
        return examples;
    }

    private static List<Example> of(String where, JsonNode holder) {
        if (holder.has("examples")) {
            return holder.path("examples").valueStream().map(each -> new Example(where, holder.path("schema"), each.path("value"))).toList();
        }
        return List.of(new Example(where, holder.path("schema"), holder.path("example")));
    }

    /** What is wrong with a value. */
    List<Error> faults(JsonNode schema, JsonNode value) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("$defs", description.at(SCHEMAS));
        root.putArray("allOf").add(schema);
        return registry.getSchema(root.toString().replace("#" + SCHEMAS, "#/$defs"), InputFormat.JSON).validate(value);
    }

    private JsonNode resolve(JsonNode node) {
        JsonNode at = node;
        while (at.has("$ref")) {
            at = description.at(at.path("$ref").asString().substring(1));
        }
        return at;
    }
}
