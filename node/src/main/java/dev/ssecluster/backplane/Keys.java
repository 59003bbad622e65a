package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.Target;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Names of keys and channels in Redis. The hash tag keeps all of them in one slot. */
final class Keys {

    static final String PREFIX = "sse:{0}:";
    static final byte[] EPOCH = bytes("epoch");
    static final byte[] SEQ = bytes("seq");
    static final byte[] BORN = bytes("born");

    private Keys() {}

    static byte[] channel(Target target) {
        return bytes(suffix(target));
    }

    static byte[] history(Target target) {
        return bytes("hist:" + suffix(target));
    }

    static byte[] idempotency(String key) {
        return bytes("idem:" + key);
    }

    /** The node's own channel, on which it hears itself. */
    static byte[] node(NodeId node) {
        return bytes("node:" + node.value());
    }

    private static String suffix(Target target) {
        String label = target.kind().label();
        return target.kind() == Target.Kind.BROADCAST ? label : label + ":" + target.name();
    }

    private static byte[] bytes(String suffix) {
        return (PREFIX + suffix).getBytes(UTF_8);
    }
}
