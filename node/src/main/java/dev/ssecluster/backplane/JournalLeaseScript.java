package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Makes this node the one that stores what others have left in the journal. */
final class JournalLeaseScript {

    private static final List<byte[]> KEYS = List.of(Keys.SEQ, Keys.JOURNAL_LEASE);

    private final LuaScript script = new LuaScript("journal-lease.lua");
    private final Scripts scripts;
    private final byte[] node;

    JournalLeaseScript(Scripts scripts, NodeId node) {
        this.scripts = scripts;
        this.node = node.value().getBytes(UTF_8);
    }

    /**
     * Whether this node is the one.
     *
     * @param seq the last id issued at that moment
     */
    record Lease(long seq, boolean isHeld) {}

    CompletableFuture<Lease> run(Duration life) {
        return scripts.run(script, KEYS, List.of(node, LuaScript.number(life.toMillis())))
                .thenApply(reply -> new Lease(reply.number(0), reply.number(1) == 1));
    }
}
