package dev.ssecluster.loadtest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Does what the HTML standard (section 9.2.6, "Interpreting an event stream") says a browser does with the bytes of one
 * response, and nothing better. One thread feeds it; the values may be read by others only after that thread has published
 * them.
 */
public final class SseParser {

    /** A dispatched event; {@code lastEventId} is what the browser would send on reconnecting at that moment. */
    public record Received(String type, String data, String lastEventId) {}

    private static final int LONGEST_NUMBER = 18; // digits that a long always holds
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private byte[] line = new byte[256];
    private int length;
    private boolean firstLine = true;
    private boolean afterCarriageReturn;
    private String type = "";
    private final StringBuilder data = new StringBuilder();
    private String idBuffer = "";
    private String lastEventId;
    private long retryMillis = -1;

    /** For a first connection. */
    public SseParser() {
        this("");
    }

    /**
     * For a reconnection: the last event ID stays until the first block ends. What that block then sets is the new
     * response's own, also when it set none; so the standard has it.
     */
    public SseParser(String lastEventId) {
        this.lastEventId = lastEventId;
    }

    /** Feeds bytes, cut wherever; answers the events that they complete. */
    public List<Received> feed(byte[] bytes, int count) {
        List<Received> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte b = bytes[i];
            if (b == '\n' && afterCarriageReturn) {
                afterCarriageReturn = false;
            } else if (b == '\n' || b == '\r') {
                afterCarriageReturn = b == '\r';
                endLine(events);
            } else {
                afterCarriageReturn = false;
                append(b);
            }
        }
        return events;
    }

    public String lastEventId() {
        return lastEventId;
    }

    /** The reconnection time that the server set, or -1. */
    public long retryMillis() {
        return retryMillis;
    }

    private void append(byte b) {
        if (length == line.length) {
            line = Arrays.copyOf(line, length * 2);
        }
        line[length++] = b;
    }

    private void endLine(List<Received> events) {
        String text = text();
        if (text.isEmpty()) {
            dispatch(events);
            return;
        }
        int colon = text.indexOf(':');
        if (colon != 0) {
            String value = colon < 0 ? "" : text.substring(colon + 1);
            field(colon < 0 ? text : text.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
        }
    }

    private String text() {
        String text = new String(line, 0, length, UTF_8);
        length = 0;
        boolean marked = firstLine && text.startsWith(BYTE_ORDER_MARK);
        firstLine = false;
        return marked ? text.substring(1) : text;
    }

    private void field(String name, String value) {
        switch (name) {
            case "event" -> type = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> idBuffer = value.indexOf(0) < 0 ? value : idBuffer;
            case "retry" -> retryMillis = isNumber(value) ? Long.parseLong(value) : retryMillis;
            default -> {
                // unknown fields are ignored, as the standard says
            }
        }
    }

    private static boolean isNumber(String value) {
        return !value.isEmpty() && value.length() <= LONGEST_NUMBER && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private void dispatch(List<Received> events) {
        lastEventId = idBuffer;
        if (!data.isEmpty()) {
            data.setLength(data.length() - 1);
            events.add(new Received(type.isEmpty() ? "message" : type, data.toString(), lastEventId));
        }
        data.setLength(0);
        type = "";
    }
}
