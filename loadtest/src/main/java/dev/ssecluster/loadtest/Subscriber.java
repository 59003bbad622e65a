package dev.ssecluster.loadtest;

import java.util.Set;

/** Who opens one of the streams: its names, which others may share, and its node's place in the list of nodes. */
record Subscriber(int node, String user, String client, String group) {

    /** Everything whose events its stream must bring. */
    Set<Target> targets() {
        return Set.of(
                new Target(Target.Kind.USER, user),
                new Target(Target.Kind.CLIENT, client),
                new Target(Target.Kind.GROUP, group),
                Target.EVERYONE);
    }

    String path() {
        return "/stream?id=" + client + "&user_id=" + user + "&group=" + group;
    }
}
