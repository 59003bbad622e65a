package dev.ssecluster.loadtest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static java.net.http.HttpResponse.BodyHandlers.ofString;

/**
 * Sends the events of a plan at a steady rate, each on a virtual thread of its own: a slow answer does not delay the next
 * send, as independent publishers would not either.
 */
final class Publisher {

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern EVENT_ID = Pattern.compile("\"event_id\"\\s*:\\s*\"([0-9]{1,18})\"");
    private static final Pattern NOT_SENT = Pattern.compile("\"outcome\"\\s*:\\s*\"not_sent\"");

    private final HttpClient http;
    private final List<URI> nodes;
    private final int rate;
    private final Ledger ledger;

    Publisher(HttpClient http, Options options, Ledger ledger) {
        this.http = http;
        this.nodes = options.nodes();
        this.rate = options.rate();
        this.ledger = ledger;
    }

    /** Returns when every send has its answer, or has failed. */
    void publish() {
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < ledger.plan().events(); number++) {
                awaitNanoTime(start + number * 1_000_000_000L / rate);
                int next = number;
                threads.execute(() -> send(next));
            }
        }
    }

    private static void awaitNanoTime(long due) {
        long left;
        while ((left = due - System.nanoTime()) > 0) {
            LockSupport.parkNanos(left);
        }
    }

    private void send(int number) {
        HttpRequest request = request(number);
        ledger.sent(number, System.nanoTime());
        try {
            record(number, http.send(request, ofString()));
        } catch (IOException e) {
            // no answer: it may arrive or not, which is what the ledger says already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest request(int number) {
        Plan.Send send = ledger.plan().send(number);
        String body = "{" + send.target().member() + "\"event_type\":\"" + ledger.plan().eventType() + "\",\"priority\":"
                + send.priority() + ",\"data\":" + number + "}";
        return HttpRequest.newBuilder(nodes.get(send.node()).resolve("/api/v1/sse" + send.target().path()))
                .timeout(ANSWER_TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private void record(int number, HttpResponse<String> answer) {
        Matcher eventId = EVENT_ID.matcher(answer.body());
        if ((answer.statusCode() == 200 || answer.statusCode() == 202) && eventId.find()) {
            ledger.accepted(number, Long.parseLong(eventId.group(1)));
        } else if (answer.statusCode() / 100 == 4 || NOT_SENT.matcher(answer.body()).find()) {
            ledger.refused(number);
        }
    }
}
