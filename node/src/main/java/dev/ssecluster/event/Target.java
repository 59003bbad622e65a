package dev.ssecluster.event;

/**
 * Whom an event is for: one user, one client id, one group, or everyone. Each target has one channel on the backplane.
 *
 * @param name the user id, client id or group; empty for {@link Kind#BROADCAST}
 */
public record Target(Kind kind, String name) {

    /** The only target of its kind: every stream of every node. */
    public static final Target BROADCAST = new Target(Kind.BROADCAST, "");

    /** The kinds of targets; {@link #label()} is the word for it in channel names, envelopes and tables. */
    public enum Kind {
        USER("user"),
        CLIENT("client"),
        GROUP("group"),
        BROADCAST("broadcast");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    public static Target user(String id) {
        return new Target(Kind.USER, id);
    }

    public static Target client(String id) {
        return new Target(Kind.CLIENT, id);
    }

    public static Target group(String name) {
        return new Target(Kind.GROUP, name);
    }
}
