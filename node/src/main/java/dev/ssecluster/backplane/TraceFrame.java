package dev.ssecluster.backplane;

import dev.ssecluster.event.Trace;
import java.util.HexFormat;

/**
 * Says which trace the event that comes next belongs to. On the wire, numbers in network order:
 *
 * <pre>
 * version 1 | id of the event 8 | trace 16
 * </pre>
 *
 * The script writes version and id. It is a frame of its own, and its version is not that of events, so that a node which does not know traces
 * skips it and takes the event as any other.
 */
final class TraceFrame {

    static final byte VERSION = 3;

    private static final int TRACE = FrameLayout.HEADER;
    private static final int LENGTH = TRACE + 16;
    private static final HexFormat HEX = HexFormat.of();

    private TraceFrame() {}

    /** The part behind the id. */
    static byte[] encodeRest(Trace trace) {
        return HEX.parseHex(trace.id());
    }

    /** Never throws. */
    static Frame decode(byte[] frame) {
        if (frame.length != LENGTH) {
            return Frame.Skipped.MALFORMED;
        }
        String id = HEX.formatHex(frame, TRACE, LENGTH);
        return Trace.isId(id) ? new Frame.Traced(FrameLayout.id(frame), new Trace(id)) : Frame.Skipped.MALFORMED;
    }
}
