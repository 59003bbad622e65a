package dev.ssecluster.loadtest;

/**
 * Whom an event is for.
 *
 * @param name letters, digits and {@code -} only, so that it needs no escaping anywhere; empty for {@link Kind#BROADCAST}
 */
record Target(Kind kind, String name) {

    static final Target EVERYONE = new Target(Kind.BROADCAST, "");

    /** The kinds of targets, with the call and the field that name them. */
    enum Kind {
        USER("user", "/send", "user_id"),
        CLIENT("client", "/send", "client_id"),
        GROUP("group", "/send/group", "group"),
        BROADCAST("broadcast", "/broadcast", "");

        private final String label;
        private final String path;
        private final String field;

        Kind(String label, String path, String field) {
            this.label = label;
            this.path = path;
            this.field = field;
        }

        String label() {
            return label;
        }
    }

    /** The call that sends to it, below the API's base path. */
    String path() {
        return kind.path;
    }

    /** Its member in the body of that call, with the comma behind it; empty for everyone. */
    String member() {
        return kind == Kind.BROADCAST ? "" : "\"" + kind.field + "\":\"" + name + "\",";
    }
}
