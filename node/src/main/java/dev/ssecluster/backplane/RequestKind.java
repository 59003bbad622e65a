package dev.ssecluster.backplane;

import org.jspecify.annotations.Nullable;

/** What one node can ask the others. The code is on the wire: it never changes. */
public enum RequestKind {
    /** A user's subscriptions have changed: follow them. */
    SUBSCRIPTIONS(1),
    /** Close all streams of a user or a client id. */
    DISCONNECT(2),
    /** Who is in a group? */
    MEMBERS(3);

    private final byte code;

    RequestKind(int code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    /** Null when a newer node asks something that this one does not know. */
    static @Nullable RequestKind of(byte code) {
        for (RequestKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }
}
