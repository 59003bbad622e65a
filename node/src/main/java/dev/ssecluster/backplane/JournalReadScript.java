package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Scripts.Reply;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reads the journal in pages. */
final class JournalReadScript {

    private static final List<byte[]> KEYS = List.of(Keys.SEQ, Keys.JOURNAL);

    private final LuaScript script = new LuaScript("journal-read.lua");
    private final Scripts scripts;
    private final BackplaneMeters meters;

    JournalReadScript(Scripts scripts, BackplaneMeters meters) {
        this.scripts = scripts;
        this.meters = meters;
    }

    /**
     * Some entries; those that this node cannot read are not among them.
     *
     * @param seq the last id issued when it was read
     * @param next the page behind it begins above this id; 0: there is none
     */
    record Page(long seq, long next, List<Event> events) {}

    CompletableFuture<Page> run(long after, int limit) {
        return scripts.run(script, KEYS, List.of(LuaScript.number(after), LuaScript.number(limit))).thenApply(this::page);
    }

    private Page page(Reply reply) {
        List<Event> events = new ArrayList<>();
        for (int i = 2; i < reply.values().size(); i += 2) {
            Target target = Keys.target(reply.bytes(i));
            switch (target == null ? Frame.Skipped.MALFORMED : Frame.decode(target, reply.bytes(i + 1))) {
                case Frame.Delivery(Event event) -> events.add(event);
                case Frame.Skipped.UNKNOWN_VERSION -> meters.unknownVersion.increment();
                default -> meters.malformed.increment();
            }
        }
        return new Page(reply.number(0), reply.number(1), events);
    }
}
