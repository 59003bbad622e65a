package dev.ssecluster.event;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The name of this node within the cluster, shown to clients in {@code connected}.
 *
 * @param value 1–64 of {@code A-Z a-z 0-9 . _ -}
 */
public record NodeId(String value) {

    public NodeId {
        if (!value.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException("sse.node.id must be 1-64 of A-Z a-z 0-9 . _ -, but is: " + value);
        }
    }

    /** A name that no other node has: 12 random hexadecimal characters. */
    public static NodeId random() {
        byte[] bytes = new byte[6];
        ThreadLocalRandom.current().nextBytes(bytes);
        return new NodeId(HexFormat.of().formatHex(bytes));
    }

    @Override
    public String toString() {
        return value;
    }
}
