package dev.ssecluster.loadtest;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Every call of the API, made for one user by one thread at a time. */
final class Calls {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Pattern EVENT_ID = Pattern.compile("\"event_id\"\\s*:\\s*\"([0-9]{1,18})\"");
    private static final int STREAMS = 5; // at once, for one user

    private final HttpClient http;
    private final URI node;
    private final String user;
    private int round;
    private int made;

    Calls(HttpClient http, URI node, String user) {
        this.http = http;
        this.node = node;
        this.user = user;
    }

    /** A call was answered otherwise than it must be. */
    static final class WrongAnswerException extends Exception {

        private static final long serialVersionUID = 1;

        WrongAnswerException(String message) {
            super(message);
        }
    }

    /** Makes each of them at least once; returns how many that were. */
    int makeAll() throws WrongAnswerException, InterruptedException {
        made = 0;
        round++;
        subscribe();
        String first = send(true);
        for (int i = 0; i < STREAMS; i++) {
            send(i % 2 == 0);
        }
        listen(first);
        readInbox(first);
        look();
        return made;
    }

    private void subscribe() throws WrongAnswerException, InterruptedException {
        post("/subscribe", "{\"user_id\":\"%s\",\"group\":\"exercise-news\",\"event_types\":[\"article\"]}".formatted(user));
        get("/subscriptions?user_id=" + user);
    }

    /** One of each kind; returns the id of what was sent to the user. */
    private String send(boolean persist) throws WrongAnswerException, InterruptedException {
        String event = "\"event_type\":\"article\",\"data\":{\"title\":\"Order shipped\",\"n\":%d},\"persist\":%s,\"priority\":%d"
                .formatted(round, persist, made % 3);
        String sent = post("/send", "{\"user_id\":\"%s\",%s,\"ttl\":60}".formatted(user, event));
        post("/send", "{\"client_id\":\"%s\",%s}".formatted(user, event));
        post("/send/group", "{\"group\":\"exercise-news\",%s}".formatted(event));
        post("/broadcast", "{%s}".formatted(event));
        post("/send/batch", """
                {"messages":[{"target":{"user_id":"%1$s"},%2$s,"idempotency_key":"%1$s-%3$d-%4$d"},{"target":{"group":"exercise-news"},%2$s},
                {"target":{"client_id":"%1$s"},%2$s},{"target":{"broadcast":true},%2$s}]}""".formatted(user, event, round, made));
        Matcher id = EVENT_ID.matcher(sent);
        if (!id.find()) {
            throw new WrongAnswerException("POST /send was answered " + sent);
        }
        return id.group(1);
    }

    /** A new stream, ones that resume within the history, and one whose backlog only the database has. */
    private void listen(String cursor) throws WrongAnswerException, InterruptedException {
        long anHourAgo = Long.parseLong(cursor) - TimeUnit.HOURS.toMicros(1); // ids are times
        for (String query : List.of("unread=true", "heartbeat=event&envelope=true&last_event_id=" + cursor, "last_event_id=" + cursor,
                "unread=true&last_event_id=" + anHourAgo)) {
            open("/stream?user_id=%s&group=exercise-news&%s".formatted(user, query));
        }
        open("/stream/exercise-news/" + user);
    }

    private void readInbox(String cursor) throws WrongAnswerException, InterruptedException {
        get("/messages?limit=20&user_id=" + user);
        get("/messages/pending?limit=20&user_id=" + user);
        get("/messages/pending?limit=20&last_event_id=" + cursor + "&user_id=" + user);
        get("/messages/unread?user_id=" + user);
        post("/messages/read", "{\"user_id\":\"%s\",\"up_to\":\"%s\"}".formatted(user, cursor));
    }

    private void look() throws WrongAnswerException, InterruptedException {
        get("/info");
        get("/group/exercise-news?limit=10");
        get("/users/" + user);
        post("/unsubscribe", "{\"user_id\":\"%s\",\"group\":\"exercise-news\"}".formatted(user));
    }

    private String get(String path) throws WrongAnswerException, InterruptedException {
        return call(path, request(path).GET().build());
    }

    private String post(String path, String body) throws WrongAnswerException, InterruptedException {
        return call(path, request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(node.resolve("/api/v1/sse" + path)).timeout(TIMEOUT);
    }

    private String call(String path, HttpRequest request) throws WrongAnswerException, InterruptedException {
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            check(path, answer);
            return answer.body();
        } catch (IOException e) {
            throw new WrongAnswerException(path + " failed: " + e);
        }
    }

    /** Reads a stream up to its first event, and leaves. */
    private void open(String path) throws WrongAnswerException, InterruptedException {
        try {
            HttpResponse<InputStream> answer = http.send(request(path).build(), BodyHandlers.ofInputStream());
            check(path, answer);
            try (InputStream body = answer.body()) {
                String beginning = new String(body.readNBytes(40), UTF_8);
                if (!beginning.contains("event: ")) {
                    throw new WrongAnswerException(path + " begins with " + beginning);
                }
            }
        } catch (IOException e) {
            throw new WrongAnswerException(path + " failed: " + e);
        }
    }

    private void check(String path, HttpResponse<?> answer) throws WrongAnswerException {
        made++;
        if (answer.statusCode() != 200 && answer.statusCode() != 202) {
            throw new WrongAnswerException("%s was answered %d".formatted(path, answer.statusCode()));
        }
    }
}
