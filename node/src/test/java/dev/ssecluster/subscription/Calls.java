package dev.ssecluster.subscription;

import com.jayway.jsonpath.JsonPath;
import dev.ssecluster.test.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/** What tests ask nodes about one user's subscriptions. */
record Calls(String user) {

    /** Repeats it as long as it is answered 503, as callers should. */
    void subscribe(TestNode node, String group, String... types) {
        String list = types.length == 0 ? "" : ",\"event_types\":[\"" + String.join("\",\"", types) + "\"]";
        call(node, "/subscribe", "{\"user_id\":\"" + user + "\",\"group\":\"" + group + "\"" + list + "}");
    }

    void unsubscribe(TestNode node, String group) {
        call(node, "/unsubscribe", "{\"user_id\":\"" + user + "\",\"group\":\"" + group + "\"}");
    }

    private static void call(TestNode node, String path, String body) {
        HttpResponse<String> response;
        do {
            response = node.post(path, body);
        } while (response.statusCode() == 503);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    String list(TestNode node) {
        try {
            HttpResponse<String> response = node.api().get("/subscriptions?user_id=" + user);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends the group a number; answers the event's id. */
    static long toGroup(TestNode node, String group, String type, int number, boolean persist) {
        return send(node, "/send/group", "\"group\":\"" + group + "\"", type, number, persist);
    }

    long toUser(TestNode node, String type, int number, boolean persist) {
        return send(node, "/send", "\"user_id\":\"" + user + "\"", type, number, persist);
    }

    private static long send(TestNode node, String path, String target, String type, int number, boolean persist) {
        HttpResponse<String> response = node.post(path, "{" + target + ",\"event_type\":\"" + type + "\",\"data\":" + number
                + ",\"persist\":" + persist + "}");
        assertThat(response.statusCode()).as(response.body()).isIn(200, 202);
        String id = JsonPath.read(response.body(), "$.data.event_id");
        return Long.parseLong(id);
    }
}
