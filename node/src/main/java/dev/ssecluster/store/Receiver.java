package dev.ssecluster.store;

import dev.ssecluster.event.Target;

/** Which rows are for a target, and the index by which they are found in the order of their ids. */
final class Receiver {

    private Receiver() {}

    static Sql of(Target target) {
        return switch (target.kind()) {
            case USER, CLIENT -> new Sql(" FORCE INDEX (idx_receiver_id) WHERE receiver_type = ? AND receiver_id = ?",
                    target.kind().label(), target.name());
            case GROUP -> new Sql(" FORCE INDEX (idx_group_id) WHERE receiver_type = 'group' AND group_name = ?", target.name());
            case BROADCAST -> new Sql(" FORCE INDEX (idx_type_id) WHERE receiver_type = 'broadcast'");
        };
    }
}
