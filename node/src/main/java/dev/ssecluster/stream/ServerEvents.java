package dev.ssecluster.stream;

import dev.ssecluster.event.ResetReason;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The blocks that this server itself puts into a stream, as bytes of the event stream. */
public final class ServerEvents {

    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.US_ASCII);

    private ServerEvents() {}

    /**
     * Puts a reconnection time, in milliseconds, into the first of {@code blocks}. It is no block of its own: by the HTML
     * standard the end of any block sets the last event id to what this response has sent so far, so a cut right after a block
     * without an id could cost a client its cursor.
     */
    public static byte[] withRetry(long millis, byte[] blocks) {
        byte[] retry = SseEncoder.retryField(millis);
        byte[] both = new byte[retry.length + blocks.length];
        System.arraycopy(retry, 0, both, 0, retry.length);
        System.arraycopy(blocks, 0, both, retry.length, blocks.length);
        return both;
    }

    /** The first event of every stream; {@code cursor} is where the stream begins. */
    public static byte[] connected(String cursor, byte[] json) {
        return SseEncoder.block("connected", cursor, json);
    }

    /** There may be a gap; in mid-stream without a cursor, so that the client's own stays what it is. */
    public static byte[] reset(ResetReason reason, @Nullable String cursor) {
        return SseEncoder.block("sse.reset", cursor, json("{\"reason\":\"" + reason.label() + "\"}"));
    }

    /** The stream ends now; a browser comes back after {@code retryMillis}. Sets the reconnection time, too. */
    public static byte[] goaway(String reason, long retryMillis) {
        return goaway(reason, retryMillis, null);
    }

    /**
     * The same as the only event of a response, with the cursor that the client came with: by the HTML standard the event would
     * otherwise set the client's last event id to nothing, and what it has missed would be lost.
     */
    public static byte[] goaway(String reason, long retryMillis, @Nullable String cursor) {
        String data = "{\"reason\":\"" + reason + "\",\"retry_ms\":" + retryMillis + "}";
        return withRetry(retryMillis, SseEncoder.block("sse.goaway", cursor, json(data)));
    }

    /** The stream's client is to fetch a new token; the stream goes on. */
    static byte[] expiring() {
        return SseEncoder.block("sse.goaway", null, json("{\"reason\":\"expiring\"}"));
    }

    /** How many unread messages the stream's user has. */
    static byte[] unread(int count) {
        return SseEncoder.block("sse.unread", null, json("{\"unread\":" + count + "}"));
    }

    /** A heartbeat that a script can see. */
    static byte[] heartbeatEvent(@Nullable String cursor) {
        return SseEncoder.block("sse.heartbeat", cursor, EMPTY);
    }

    /** A heartbeat as a comment, and the cursor in a block without data, which a browser keeps but does not dispatch. */
    static byte[] heartbeatComment(@Nullable String cursor) {
        return json(cursor == null ? ":\n\n" : ":\nid: " + cursor + "\n\n");
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
