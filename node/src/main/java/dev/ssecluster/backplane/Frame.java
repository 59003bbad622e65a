package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
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
 * nothing else. Flags: bit 0 is set for persisted events, other bits are ignored. Expiry is in microseconds, 0 for none. Type is
 * ASCII, data as it goes on the stream.
 */
sealed interface Frame {

    int PERSISTED = 1;

    /** An event for a target. */
    record Delivery(Event event) implements Frame {}

    /**
     * This node hears itself.
     *
     * @param id the last id issued when it was sent
     * @param number of the probe, ascending on this node
     */
    record Probe(long id, long number) implements Frame {}

    /** A frame that was skipped. */
    enum Skipped implements Frame {
        /** A newer node speaks a newer version; normal while the cluster is being upgraded. */
        UNKNOWN_VERSION,
        MALFORMED
    }

    /** The part of the frame that the sender encodes: all behind the id. */
    static byte[] encodeRest(Publication message) {
        byte[] type = message.type().getBytes(ISO_8859_1);
        return ByteBuffer.allocate(FrameLayout.REST_HEADER + type.length + message.data().length)
                .put((byte) message.priority().level())
                .put((byte) 0)
                .putLong(0)
                .put((byte) type.length)
                .put(type)
                .put(message.data())
                .array();
    }

    /** Never throws: what comes from the network is counted, not trusted. */
    static Frame decode(Target target, byte[] frame) {
        if (frame.length > 0 && frame[0] != FrameLayout.VERSION) {
            return Skipped.UNKNOWN_VERSION;
        }
        return FrameLayout.isEvent(frame) ? new Delivery(event(target, frame)) : Skipped.MALFORMED;
    }

    /** Never throws; another version's probe is none of this node's. */
    static Frame decodeProbe(byte[] frame) {
        boolean readable = frame.length == FrameLayout.PROBE && frame[0] == FrameLayout.VERSION;
        return readable ? new Probe(FrameLayout.id(frame), FrameLayout.number(frame)) : Skipped.MALFORMED;
    }

    private static Event event(Target target, byte[] frame) {
        int data = FrameLayout.dataOffset(frame);
        return new Event(
                FrameLayout.id(frame),
                target,
                Priority.ofLevel(frame[FrameLayout.PRIORITY]),
                (frame[FrameLayout.FLAGS] & PERSISTED) != 0,
                FrameLayout.expiry(frame),
                new String(frame, FrameLayout.TYPE, data - FrameLayout.TYPE, ISO_8859_1),
                Arrays.copyOfRange(frame, data, frame.length));
    }
}
