package dev.ssecluster.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values that fit a schema of an OpenAPI description, or nearly do. Not thread-safe. */
final class RandomJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String[] STRANGE = {
        "", " ", ".", "..", "/", "\\", "%", "%2F", "a,b", " a", "a ", "\u0000", "\n", "\r\nX: y", "\u2028", "\u00a0", "\ud800", "\udc00x", "\ufffd",
        "ß€😀", "\u202eabc", "null", "undefined", "true", "-1", "0", "1e999", "9".repeat(40), "' OR 1=1 --", "\";DROP TABLE x;--",
        "<script>", "${jndi:ldap://x}", "{{7*7}}", "../../etc/passwd", "*", "?", "#", "+", "&=", "sse.reset", "connected",
        "presence:x", "x".repeat(65), "x".repeat(129), "é".repeat(64), "😀".repeat(64), "x".repeat(9_000)
    };

    private final JsonNode description;
    private final SplittableRandom random;

    RandomJson(JsonNode description, SplittableRandom random) {
        this.description = description;
        this.random = random;
    }

    /** What a reference stands for. */
    JsonNode resolve(JsonNode node) {
        JsonNode at = node;
        while (at.has("$ref")) {
            at = description.at(at.path("$ref").asString().substring(1));
        }
        return at;
    }

    /** A value that fits, but for some chance of one that does not, anywhere in it. */
    JsonNode value(JsonNode reference) {
        JsonNode schema = resolve(reference);
        if (random.nextInt(12) == 0) {
            return anything(3);
        }
        if (schema.has("enum")) {
            return pick(schema.path("enum"));
        }
        return switch (schema.path("type").asString("")) {
            case "object" -> object(schema);
            case "array" -> array(schema);
            case "string" -> JSON.stringNode(text(schema));
            case "integer" -> number(schema);
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            default -> anything(4);
        };
    }

    /** A text that fits a schema of strings, or any. */
    String text(JsonNode schema) {
        int longest = Math.min(schema.path("maxLength").asInt(20), 200);
        return switch (random.nextInt(6)) {
            case 0 -> strange();
            case 1 -> "x".repeat(longest + random.nextInt(2));
            default -> word(1 + random.nextInt(8));
        };
    }

    /** A few names only, so that calls meet each other's streams, groups and messages. */
    String word(int most) {
        return random.nextInt(3) == 0 ? Long.toString(random.nextLong(1_000_000_000_000_000_000L)) : "abcdefgh".substring(0, most);
    }

    String strange() {
        return STRANGE[random.nextInt(STRANGE.length)];
    }

    private JsonNode pick(JsonNode values) {
        return values.get(random.nextInt(values.size()));
    }

    private JsonNode number(JsonNode schema) {
        long lowest = schema.path("minimum").asLong(-1);
        long highest = schema.path("maximum").asLong(1_000_000);
        return switch (random.nextInt(8)) {
            case 0 -> JSON.numberNode(lowest - 1);
            case 1 -> JSON.numberNode(highest + 1);
            case 2 -> JSON.numberNode(random.nextLong());
            case 3 -> JSON.numberNode(random.nextDouble() * 1e300);
            default -> JSON.numberNode(lowest + random.nextLong(Math.min(highest - lowest, 1_000) + 1));
        };
    }

    private JsonNode array(JsonNode schema) {
        ArrayNode array = JSON.arrayNode();
        int size = random.nextInt(40) == 0 ? schema.path("maxItems").asInt(100) + random.nextInt(2) : random.nextInt(4);
        JsonNode item = value(schema.path("items"));
        for (int i = 0; i < size; i++) {
            array.add(size < 10 ? value(schema.path("items")) : item);
        }
        return array;
    }

    private JsonNode object(JsonNode schema) {
        ObjectNode object = JSON.objectNode();
        List<String> names = names(schema);
        schema.path("properties").properties().forEach(property -> {
            if (names.contains(property.getKey()) != (random.nextInt(20) == 0)) {
                object.set(property.getKey(), value(property.getValue()));
            }
        });
        if (random.nextInt(15) == 0) {
            object.set(strange(), anything(2));
        }
        return object;
    }

    /** The properties that such an object has this time. */
    private List<String> names(JsonNode schema) {
        List<String> names = new ArrayList<>();
        schema.path("required").forEach(name -> names.add(name.asString()));
        if (schema.has("oneOf")) {
            pick(schema.path("oneOf")).path("required").forEach(name -> names.add(name.asString()));
        }
        List<String> all = List.copyOf(schema.path("properties").propertyNames());
        if (schema.has("maxProperties")) {
            names.add(all.get(random.nextInt(all.size())));
        } else if (!schema.has("oneOf")) {
            all.stream().filter(_ -> random.nextInt(3) == 0).forEach(names::add);
        }
        return names;
    }

    private JsonNode anything(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2 -> JSON.numberNode(random.nextLong());
            case 3 -> JSON.numberNode(random.nextDouble());
            case 4, 5 -> JSON.stringNode(strange());
            case 6 -> JSON.arrayNode().add(anything(depth - 1)).add(anything(depth - 1));
            case 7 -> JSON.objectNode().set(strange(), anything(depth - 1));
            default -> nested(random.nextInt(300));
        };
    }

    private static JsonNode nested(int levels) {
        return JsonMapper.shared().readTree("[".repeat(levels + 1) + "]".repeat(levels + 1));
    }
}
