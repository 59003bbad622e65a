package dev.ssecluster.store;

import dev.ssecluster.model.Rules;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a predecessor of this server stored, made fit for a stream: a type by our rules, and JSON without line breaks. Nobody
 * knows what its publishers were allowed to send, and a line break would end the line that a client reads.
 */
final class Foreign {

    private static final String UNNAMED = "message"; // what EventSource calls an event without a type
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Foreign() {}

    static String type(String type) {
        return Rules.eventType(type) == null ? type : UNNAMED;
    }

    static byte[] data(byte @Nullable [] data) {
        if (data == null) {
            return "null".getBytes(StandardCharsets.US_ASCII);
        }
        String text = new String(data, StandardCharsets.UTF_8);
        return isJson(text) ? oneLine(text) : MAPPER.writeValueAsBytes(text);
    }

    /** In JSON a line break is white space between tokens, never part of a string. */
    private static byte[] oneLine(String json) {
        return json.replace('\n', ' ').replace('\r', ' ').getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isJson(String text) {
        try (JsonParser parser = MAPPER.createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }
}
