package dev.ssecluster.backplane;

import dev.ssecluster.model.Priority;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Where things are in a {@link Frame}. */
final class FrameLayout {

    static final byte VERSION = 1;
    static final int HEADER = 1 + Long.BYTES;
    static final int PROBE = HEADER + Long.BYTES;
    static final int PRIORITY = HEADER;
    static final int FLAGS = PRIORITY + 1;
    static final int EXPIRY = FLAGS + 1;
    static final int TYPE_LENGTH = EXPIRY + Long.BYTES;
    static final int TYPE = TYPE_LENGTH + 1;
    static final int REST_HEADER = TYPE - HEADER;

    /** Ids are safe integers in Lua and JavaScript, whose numbers are doubles. */
    static final long MAX_ID = (1L << 53) - 1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private FrameLayout() {}

    static boolean isEvent(byte[] frame) {
        return frame.length > TYPE
                && isWithin(id(frame), 1, MAX_ID)
                && isWithin(frame[PRIORITY], 0, Priority.URGENT.level())
                && expiry(frame) >= 0
                && dataOffset(frame) > TYPE
                && dataOffset(frame) <= frame.length;
    }

    static long id(byte[] frame) {
        return (long) LONG.get(frame, 1);
    }

    static long number(byte[] probe) {
        return (long) LONG.get(probe, HEADER);
    }

    static long expiry(byte[] frame) {
        return (long) LONG.get(frame, EXPIRY);
    }

    static int dataOffset(byte[] frame) {
        return TYPE + Byte.toUnsignedInt(frame[TYPE_LENGTH]);
    }

    private static boolean isWithin(long value, long least, long most) {
        return value >= least && value <= most;
    }
}
