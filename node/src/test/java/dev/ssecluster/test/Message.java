package dev.ssecluster.test;

import dev.ssecluster.event.Target;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something to send. Its data carries its number, by which it is recognized wherever it appears.
 *
 * @param number unique in its test, from 0
 * @param priority 0 normal, 1 high, 2 urgent
 * @param ttlSeconds 0: the default
 * @param padding characters by which the data is longer
 */
public record Message(int number, Target target, int priority, boolean persist, int ttlSeconds, int padding) {

    private static final Pattern NUMBER = Pattern.compile("\\{\"n\":([0-9]{1,9})[,}].*", Pattern.DOTALL);

    /** Normal, with the default life and no padding. */
    public static Message of(int number, Target target, boolean persist) {
        return new Message(number, target, 0, persist, 0, 0);
    }

    /** The number in the data of an event; -1 when there is none. */
    public static int numberIn(String data) {
        Matcher matcher = NUMBER.matcher(data);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    /** Where to post it, below the API's base. */
    public String path() {
        return switch (target.kind()) {
            case USER, CLIENT -> "/send";
            case GROUP -> "/send/group";
            case BROADCAST -> "/broadcast";
        };
    }

    public String data() {
        return padding == 0 ? "{\"n\":" + number + "}" : "{\"n\":" + number + ",\"padding\":\"" + "x".repeat(padding) + "\"}";
    }

    public String body() {
        return "{" + addressee() + "\"event_type\":\"proof\",\"data\":" + data() + ",\"priority\":" + priority + ",\"persist\":" + persist
                + (ttlSeconds == 0 ? "" : ",\"ttl\":" + ttlSeconds) + "}";
    }

    private String addressee() {
        String field = switch (target.kind()) {
            case USER -> "user_id";
            case CLIENT -> "client_id";
            case GROUP -> "group";
            case BROADCAST -> "";
        };
        return field.isEmpty() ? "" : "\"" + field + "\":\"" + target.name() + "\",";
    }
}
