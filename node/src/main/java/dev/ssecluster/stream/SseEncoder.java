package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Writes blocks of an event stream as the HTML standard defines them (section 9.2.5, "Parsing an event stream"): UTF-8, one
 * field a line, an empty line at the end. Line breaks of any of the three kinds in data begin a new {@code data} line.
 * The id comes last: where a connection ends in the middle of a block, several clients keep an id that they have seen, or even
 * take the half for an event, although the standard forbids both; behind the data it is seen only when all of it has come.
 */
final class SseEncoder extends ByteArrayOutputStream {

    private int idStart;
    private int idEnd;

    private SseEncoder(int size) {
        super(size);
    }

    /** The event with its bare value as data. */
    static SseFrame plain(Event event) {
        SseEncoder out = new SseEncoder(event.data().length + event.type().length() + 48);
        out.field("event", event.type());
        out.data(event.data());
        return out.toFrame(event);
    }

    /** The event with its value inside an envelope, for streams opened with {@code envelope=true}. */
    static SseFrame enveloped(Event event) {
        SseEncoder out = new SseEncoder(event.data().length + event.type().length() + 256);
        out.field("event", event.type());
        out.data(envelope(event));
        return out.toFrame(event);
    }

    /** A block of the server's own. */
    static byte[] block(String type, @Nullable String id, byte[] data) {
        SseEncoder out = new SseEncoder(data.length + 64);
        out.field("event", type);
        out.data(data);
        if (id != null) {
            out.field("id", id);
        }
        out.write('\n');
        return out.toByteArray();
    }

    /** The field that sets the client's reconnection time. */
    static byte[] retryField(long millis) {
        return ascii("retry: " + millis + "\n");
    }

    private static byte[] envelope(Event event) {
        Target target = event.target();
        SseEncoder out = new SseEncoder(event.data().length + 200);
        out.text("{\"event_id\":\"" + event.id() + "\",\"receiver_type\":\"" + target.kind().label() + '"');
        if (target.kind() == Target.Kind.GROUP) {
            out.text(",\"group\":\"");
            out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(target.name()));
            out.write('"');
        }
        Instant created = Instant.EPOCH.plus(event.id(), ChronoUnit.MICROS);
        out.text(",\"priority\":" + event.priority().level() + ",\"created_at\":\"" + created + "\",\"data\":");
        out.writeBytes(event.data());
        out.write('}');
        return out.toByteArray();
    }

    /** Whether a field other than data can hold it. */
    static boolean isFieldValue(String value) {
        return value.indexOf('\n') < 0 && value.indexOf('\r') < 0 && value.indexOf(0) < 0;
    }

    private void field(String name, String value) {
        if (!isFieldValue(value)) {
            throw new IllegalArgumentException("a field of an event stream cannot hold a line break or NUL");
        }
        text(name);
        text(": ");
        text(value);
        write('\n');
    }

    private void data(byte[] value) {
        int start = 0;
        for (int i = 0; i < value.length; i++) {
            if (value[i] == '\n' || value[i] == '\r') {
                dataLine(value, start, i);
                i += value[i] == '\r' && i + 1 < value.length && value[i + 1] == '\n' ? 1 : 0;
                start = i + 1;
            }
        }
        dataLine(value, start, value.length);
    }

    private void dataLine(byte[] value, int from, int to) {
        text("data: ");
        write(value, from, to - from);
        write('\n');
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
    }

    private SseFrame toFrame(Event event) {
        text("id: ");
        idStart = count;
        text(Long.toString(event.id()));
        idEnd = count;
        text("\n\n");
        return SseFrame.event(toByteArray(), idStart, idEnd, event);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
