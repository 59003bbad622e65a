package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Journal.Removal;
import dev.ssecluster.backplane.Scripts.Reply;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Removes entries from the journal whose rows are committed. */
final class JournalRemoveScript {

    private static final byte[] NO_USER = {};

    private final LuaScript script = new LuaScript("journal-remove.lua");
    private final byte[] unreadChanged = Frame.encodeUnreadChanged();
    private final Scripts scripts;

    JournalRemoveScript(Scripts scripts) {
        this.scripts = scripts;
    }

    /** One answer for each event, in their order. */
    CompletableFuture<List<Removal>> run(List<Event> events) {
        return scripts.run(script, keys(events), args(events)).thenApply(JournalRemoveScript::removals);
    }

    private static List<byte[]> keys(List<Event> events) {
        List<byte[]> keys = new ArrayList<>(List.of(Keys.SEQ, Keys.JOURNAL, Keys.BORN));
        events.stream()
                .map(Event::target)
                .filter(JournalRemoveScript::isUser)
                .forEach(target -> keys.addAll(Keys.unread(target.name())));
        return keys;
    }

    private List<byte[]> args(List<Event> events) {
        List<byte[]> args = new ArrayList<>();
        args.add(unreadChanged);
        for (Event event : events) {
            args.add(LuaScript.number(event.id()));
            args.add(isUser(event.target()) ? Keys.channel(event.target()) : NO_USER);
        }
        return args;
    }

    private static boolean isUser(Target target) {
        return target.kind() == Target.Kind.USER;
    }

    private static List<Removal> removals(Reply reply) {
        return reply.values().stream().map(found -> removal((Long) found, reply.epoch())).toList();
    }

    /** After FLUSHALL the epoch is the same process's, so an entry that went with the data is told apart by its id. */
    private static Removal removal(long found, String epoch) {
        return new Removal(found == 1, found < 0, epoch);
    }
}
