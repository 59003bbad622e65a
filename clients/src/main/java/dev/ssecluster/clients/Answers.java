package dev.ssecluster.clients;

import java.time.Duration;

/** Answers in place of a node; "$origin" stands for the request's. */
final class Answers {

    /** Longer than any {@code retry} of the cluster here, and less than twice any. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    static final String UNAUTHORIZED = problem("401 Unauthorized", "WWW-Authenticate: Bearer\r\n");
    static final String UNAVAILABLE = problem("503 Service Unavailable", "Retry-After: " + RETRY_AFTER.toSeconds() + "\r\n");

    private Answers() {}

    private static String problem(String status, String header) {
        String body = "{\"type\":\"about:blank\",\"title\":\"" + status.substring(4) + "\",\"status\":" + status.substring(0, 3) + "}";
        return "HTTP/1.1 " + status + "\r\n"
                + "Content-Type: application/problem+json\r\n"
                + "Content-Length: " + body.length() + "\r\n"
                + "Access-Control-Allow-Origin: $origin\r\n"
                + "Access-Control-Expose-Headers: Retry-After\r\n"
                + "Vary: Origin\r\n"
                + "Connection: close\r\n"
                + header + "\r\n" + body;
    }
}
