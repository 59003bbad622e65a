package dev.ssecluster.loadtest;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run does, event by event; the same for each event number, so that nothing needs to be remembered. Names begin with
 * the run's own, so that runs do not meet.
 *
 * <p>With more than one node, each user has streams on two of them, each client id up to three streams, and each group has
 * members on all. Events go round all kinds of targets, then all priorities, then all nodes, then the next names.
 */
final class Plan {

    private static final int GROUP_SIZE = 4; // members on each node

    private final String run;
    private final int nodes;
    private final int streams;
    private final int events;

    Plan(String run, Options options) {
        this.run = run;
        this.nodes = options.nodes().size();
        this.streams = nodes * options.streams();
        this.events = options.rate() * options.seconds();
    }

    /** One event to send: through which node, to whom, how urgent (0 to 2). */
    record Send(int node, Target target, int priority) {}

    /** The SSE type of this run's events. */
    String eventType() {
        return "loadtest-" + run;
    }

    int events() {
        return events;
    }

    List<Subscriber> subscribers() {
        List<Subscriber> subscribers = new ArrayList<>(streams);
        for (int i = 0; i < streams; i++) {
            subscribers.add(subscriber(i));
        }
        return subscribers;
    }

    private Subscriber subscriber(int index) {
        return new Subscriber(index % nodes, name('u', index / 2), name('c', index / 3), name('g', index / nodes / GROUP_SIZE));
    }

    private String name(char letter, int index) {
        return "loadtest-" + run + "-" + letter + index;
    }

    /** The event with that number, from 0. */
    Send send(int number) {
        int priority = number / 4 % 3;
        int node = number / 12 % nodes;
        Subscriber someone = subscriber(number / 12 / nodes % streams);
        return new Send(node, target(Target.Kind.values()[number % 4], someone), priority);
    }

    private static Target target(Target.Kind kind, Subscriber someone) {
        return switch (kind) {
            case USER -> new Target(kind, someone.user());
            case CLIENT -> new Target(kind, someone.client());
            case GROUP -> new Target(kind, someone.group());
            case BROADCAST -> Target.EVERYONE;
        };
    }
}
