package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.Target;
import dev.ssecluster.event.Trace;
import dev.ssecluster.model.Priority;
import java.nio.ByteBuffer;
import java.util.Arrays;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * What one message of the backplane means to this node. On the wire, numbers in network order:
 *
 * <pre>
 * version 1 | id 8 | priority 1 | flags 1 | expiry 8 | length of type 1 | type | data
 * </pre>
 *
 * The script writes version and id, so the sender encodes only what follows. A probe has its 8-byte number behind the id, and
 * nothing else. What nodes ask and answer is in {@link ControlFrame}. Flags: bit 0 is set for persisted events, bit 1 when it is no event
 * but says that its user's unread count may have changed, bit 2 when a {@link TraceFrame} came before it; other bits are ignored. Expiry is in
 * microseconds, 0 for none; where an event lives only for a time, the script writes it. Type is ASCII, data as it goes on the stream.
 */
sealed interface Frame {

    int PERSISTED = 1;
    int UNREAD_CHANGED = 2;
    int TRACED = 4;

    /** An event for a target. */
    record Delivery(Event event) implements Frame {}

    /**
     * This node hears itself.
     *
     * @param id the last id issued when it was sent
     * @param number of the probe, ascending on this node
     */
    record Probe(long id, long number) implements Frame {}

    /** The event with that id, which comes next, is followed. Says nothing of other frames. */
    record Traced(long id, Trace trace) implements Frame {}

    /** The number of that user's unread messages may have changed. Says nothing of other frames. */
    record UnreadChanged(String user) implements Frame {}

    /**
     * A node asks something. Says nothing of other frames.
     *
     * @param question the asking node's number for it
     */
    record Asked(RequestKind kind, NodeId asker, long question, Request request) implements Frame {}

    /** A node has answered what this one asked. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answered(long question, NodeId node, byte[] body) implements Frame {}

    /** A frame that was skipped. */
    enum Skipped implements Frame {
        /** A newer node speaks a newer version; normal while the cluster is being upgraded. */
        UNKNOWN_VERSION,
        MALFORMED
    }

    /** The part of the frame that the sender encodes: all behind the id. */
    static byte[] encodeRest(Publication message) {
        int flags = (message.persisted() ? PERSISTED : 0) | (message.trace() == null ? 0 : TRACED);
        return encodeRest(message.priority(), flags, 0, message.type(), message.data());
    }

    /** All behind the id of what says that a user's unread count may have changed. */
    static byte[] encodeUnreadChanged() {
        return encodeRest(Priority.NORMAL, UNREAD_CHANGED, 0, "u", new byte[0]);
    }

    /** All behind the id and before the data of an event that a script makes. */
    static byte[] encodeHead(String type) {
        return encodeRest(Priority.NORMAL, 0, 0, type, new byte[0]);
    }

    /** The whole frame of an event that has its id already. */
    static byte[] encode(Event event) {
        int flags = event.persisted() ? PERSISTED : 0;
        byte[] rest = encodeRest(event.priority(), flags, event.expiresAt(), event.type(), event.data());
        return ByteBuffer.allocate(FrameLayout.HEADER + rest.length)
                .put(FrameLayout.VERSION)
                .putLong(event.id())
                .put(rest)
                .array();
    }

    private static byte[] encodeRest(Priority priority, int flags, long expiry, String type, byte[] data) {
        byte[] encodedType = type.getBytes(ISO_8859_1);
        return ByteBuffer.allocate(FrameLayout.REST_HEADER + encodedType.length + data.length)
                .put((byte) priority.level())
                .put((byte) flags)
                .putLong(expiry)
                .put((byte) encodedType.length)
                .put(encodedType)
                .put(data)
                .array();
    }

    /** Never throws: what comes from the network is counted, not trusted. */
    static Frame decode(Target target, byte[] frame) {
        if (frame.length > 0 && frame[0] != FrameLayout.VERSION) {
            return decodeOther(target, frame);
        }
        if (!FrameLayout.isEvent(frame)) {
            return Skipped.MALFORMED;
        }
        return isFlagged(frame, UNREAD_CHANGED) ? unreadChanged(target) : new Delivery(event(target, frame));
    }

    private static Frame decodeOther(Target target, byte[] frame) {
        return switch (frame[0]) {
            case ControlFrame.VERSION -> ControlFrame.decodeRequest(target, frame);
            case TraceFrame.VERSION -> TraceFrame.decode(frame);
            default -> Skipped.UNKNOWN_VERSION;
        };
    }

    /** What comes over the node's own channel: a probe or an answer. Never throws; another version's is none of this node's. */
    static Frame decodeOwn(byte[] frame) {
        if (frame.length > 0 && frame[0] == ControlFrame.VERSION) {
            return ControlFrame.decodeAnswer(frame);
        }
        boolean readable = frame.length == FrameLayout.PROBE && frame[0] == FrameLayout.VERSION;
        return readable ? new Probe(FrameLayout.id(frame), FrameLayout.number(frame)) : Skipped.MALFORMED;
    }

    private static Frame unreadChanged(Target target) {
        return target.kind() == Target.Kind.USER ? new UnreadChanged(target.name()) : Skipped.MALFORMED;
    }

    private static boolean isFlagged(byte[] frame, int flag) {
        return (frame[FrameLayout.FLAGS] & flag) != 0;
    }

    private static Event event(Target target, byte[] frame) {
        int data = FrameLayout.dataOffset(frame);
        return new Event(
                FrameLayout.id(frame),
                target,
                Priority.ofLevel(frame[FrameLayout.PRIORITY]),
                isFlagged(frame, PERSISTED),
                FrameLayout.expiry(frame),
                new String(frame, FrameLayout.TYPE, data - FrameLayout.TYPE, ISO_8859_1),
                Arrays.copyOfRange(frame, data, frame.length));
    }
}
