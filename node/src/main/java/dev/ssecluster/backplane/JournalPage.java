package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Scripts.Reply;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * Some entries of the journal; those that this node cannot read are not among them.
 *
 * @param seq the last id issued when it was read
 * @param next where the next page begins, beyond this id; 0: there is none
 */
record JournalPage(long seq, long next, List<Event> events) {

    /** Of a script's answer: seq, next, and for each entry its channel and its frame. */
    static JournalPage of(Reply reply, BackplaneMeters meters) {
        List<Event> events = new ArrayList<>();
        for (int i = 2; i < reply.values().size(); i += 2) {
            Target target = Keys.target(reply.bytes(i));
            switch (target == null ? Frame.Skipped.MALFORMED : Frame.decode(target, reply.bytes(i + 1))) {
                case Frame.Delivery(Event event) -> events.add(event);
                case Frame.Skipped.UNKNOWN_VERSION -> meters.unknownVersion.increment();
                default -> meters.malformed.increment();
            }
        }
        return new JournalPage(reply.number(0), reply.number(1), events);
    }
}
