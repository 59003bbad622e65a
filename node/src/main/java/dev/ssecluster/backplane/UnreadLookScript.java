package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Scripts.Reply;
import dev.ssecluster.backplane.UnreadCache.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Looks up the unread counts of many users. */
final class UnreadLookScript {

    private static final long DIRTY = -2;
    private static final long MISSING = -1;

    private final LuaScript script = new LuaScript("unread-look.lua");
    private final Scripts scripts;

    UnreadLookScript(Scripts scripts) {
        this.scripts = scripts;
    }

    /** One answer for each user, in their order. */
    CompletableFuture<List<Lookup>> run(List<String> users) {
        List<byte[]> keys = new ArrayList<>();
        keys.add(Keys.UNMARKED);
        users.forEach(user -> keys.addAll(Keys.unread(user)));
        List<byte[]> leases = users.stream().map(_ -> RandomText.next().getBytes(US_ASCII)).toList();
        return scripts.run(script, keys, leases).thenApply(UnreadLookScript::lookups);
    }

    private static List<Lookup> lookups(Reply reply) {
        return IntStream.range(0, reply.values().size() / 2).mapToObj(i -> lookup(reply, 2 * i)).toList();
    }

    private static Lookup lookup(Reply reply, int at) {
        long count = reply.number(at);
        if (count == MISSING) {
            return new Lookup.Missing(new String(reply.bytes(at + 1), US_ASCII));
        }
        return count == DIRTY ? new Lookup.Dirty() : new Lookup.Cached(count, reply.number(at + 1));
    }
}
