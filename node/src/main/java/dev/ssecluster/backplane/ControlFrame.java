package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.Target;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * What nodes ask each other, and answer. On the wire, numbers in network order:
 *
 * <pre>
 * request, on the target's channel       version 1 | id 8 | kind 1 | question 8 | length of node 1 | node | body
 * answer, on the asking node's channel   version 1 | question 8 | length of node 1 | node | body
 * </pre>
 *
 * The script writes version and id of a request. Their version is not that of events, so that a node which does not know requests skips
 * them, instead of taking them for events. The node is the one that sends it. A question's number is the asking node's own.
 */
final class ControlFrame {

    static final byte VERSION = 2;

    private ControlFrame() {}

    /** A request, from behind the id on. */
    static byte[] encodeRequest(RequestKind kind, long question, NodeId asker, byte[] body) {
        return sized(1, asker, body).put(kind.code()).put(signed(question, asker, body)).array();
    }

    /** A whole answer. */
    static byte[] encodeAnswer(long question, NodeId answering, byte[] body) {
        return sized(1, answering, body).put(VERSION).put(signed(question, answering, body)).array();
    }

    private static ByteBuffer sized(int more, NodeId node, byte[] body) {
        return ByteBuffer.allocate(more + Long.BYTES + 1 + node.value().length() + body.length);
    }

    private static ByteBuffer signed(long question, NodeId node, byte[] body) {
        byte[] name = node.value().getBytes(US_ASCII);
        return sized(0, node, body).putLong(question).put((byte) name.length).put(name).put(body).flip();
    }

    /** Never throws: what comes from the network is counted, not trusted. */
    static Frame decodeRequest(Target target, byte[] frame) {
        try {
            ByteBuffer rest = ByteBuffer.wrap(frame, 1, frame.length - 1);
            long id = id(rest);
            RequestKind kind = RequestKind.of(rest.get());
            long question = rest.getLong();
            NodeId asker = node(rest);
            return kind == null
                    ? Frame.Skipped.UNKNOWN_VERSION // a newer node asks it
                    : new Frame.Asked(kind, asker, question, new Request(target, id, body(rest)));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Frame.Skipped.MALFORMED;
        }
    }

    /** Never throws. */
    static Frame decodeAnswer(byte[] frame) {
        try {
            ByteBuffer rest = ByteBuffer.wrap(frame, 1, frame.length - 1);
            long question = rest.getLong();
            NodeId answering = node(rest);
            return new Frame.Answered(question, answering, body(rest));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Frame.Skipped.MALFORMED;
        }
    }

    private static long id(ByteBuffer from) {
        long id = from.getLong();
        if (id < 1 || id > FrameLayout.MAX_ID) {
            throw new IllegalArgumentException("No id");
        }
        return id;
    }

    private static NodeId node(ByteBuffer from) {
        byte[] name = new byte[Byte.toUnsignedInt(from.get())];
        from.get(name);
        return new NodeId(new String(name, US_ASCII));
    }

    private static byte[] body(ByteBuffer from) {
        byte[] body = new byte[from.remaining()];
        from.get(body);
        return body;
    }
}
