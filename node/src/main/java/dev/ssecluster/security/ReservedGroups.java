package dev.ssecluster.security;

import dev.ssecluster.event.Target;

/** The groups that only the server publishes to: who trusts in what they say must not be lied to by another publisher. */
final class ReservedGroups {

    private static final String PRESENCE = "presence:";

    private ReservedGroups() {}

    static boolean contain(Target target) {
        return target.kind() == Target.Kind.GROUP && target.name().startsWith(PRESENCE);
    }
}
