package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Names of keys and channels in Redis. The hash tag keeps all of them in one slot. */
final class Keys {

    static final String PREFIX = "sse:{0}:";
    static final byte[] EPOCH = bytes("epoch");
    static final byte[] SEQ = bytes("seq");
    static final byte[] BORN = bytes("born");
    static final byte[] JOURNAL = bytes("journal");
    static final byte[] JOURNAL_LEASE = bytes("journal:lease");
    static final byte[] DEAD = bytes("dead");

    /** There while marks of unread counts may be missing, because Redis lost its data. */
    static final byte[] UNMARKED = bytes("unread-unmarked");

    static final byte[] NODES = bytes("nodes");
    static final byte[] NODE_INFO = bytes("node-info");

    /** Users announced as online. */
    static final byte[] PRESENT = bytes("present");

    /** Users to look at, and when. */
    static final byte[] PRESENCE_DUE = bytes("presence-due");

    static final byte[] PRESENCE_SWEPT = bytes("presence-swept");

    /** There while somebody may be blocked. */
    static final byte[] BLOCKED = bytes("blocked");

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

    /** What there is for a user's unread count, in the order in which scripts expect it: marks, count, lease. */
    static List<byte[]> unread(String user) {
        return List.of(bytes("unread-dirty:" + user), bytes("unread:" + user), bytes("unread-lease:" + user));
    }

    static byte[] nodeUsers(String incarnation) {
        return bytes("node-users:" + incarnation);
    }

    static byte[] nodeGroups(String incarnation) {
        return bytes("node-groups:" + incarnation);
    }

    static byte[] client(String id) {
        return bytes("client:" + id);
    }

    static byte[] online(String user) {
        return bytes("online:" + user);
    }

    static byte[] seen(String user) {
        return bytes("seen:" + user);
    }

    static byte[] block(Target userOrClient) {
        return bytes("block:" + suffix(userOrClient));
    }

    /** The node's own channel, on which it hears itself. */
    static byte[] node(NodeId node) {
        return bytes("node:" + node.value());
    }

    /** Whose channel that is; null when it is no target's. */
    static @Nullable Target target(byte[] channel) {
        Target.Kind kind = kind(channel);
        if (kind == null || kind == Target.Kind.BROADCAST) {
            return kind == null ? null : Target.BROADCAST;
        }
        int start = PREFIX.length() + kind.label().length() + 1;
        return start > channel.length ? null : new Target(kind, new String(channel, start, channel.length - start, UTF_8));
    }

    /** Names are those that a node of ours has written, so the first letter of the kind tells them apart. */
    private static Target.@Nullable Kind kind(byte[] channel) {
        return switch (channel.length > PREFIX.length() ? channel[PREFIX.length()] : 0) {
            case 'u' -> Target.Kind.USER;
            case 'c' -> Target.Kind.CLIENT;
            case 'g' -> Target.Kind.GROUP;
            case 'b' -> Target.Kind.BROADCAST;
            default -> null;
        };
    }

    private static String suffix(Target target) {
        String label = target.kind().label();
        return target.kind() == Target.Kind.BROADCAST ? label : label + ":" + target.name();
    }

    private static byte[] bytes(String suffix) {
        return (PREFIX + suffix).getBytes(UTF_8);
    }
}
