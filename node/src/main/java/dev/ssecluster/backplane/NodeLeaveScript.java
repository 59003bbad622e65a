package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Leases.Incarnation;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Ends the lease of a node that stops. */
final class NodeLeaveScript {

    private final LuaScript script = new LuaScript("node-leave.lua");
    private final Scripts scripts;

    NodeLeaveScript(Scripts scripts) {
        this.scripts = scripts;
    }

    /** Whether it has left nothing behind. */
    CompletableFuture<Boolean> run(Incarnation incarnation) {
        String name = incarnation.name();
        List<byte[]> keys = List.of(Keys.NODES, Keys.NODE_INFO, Keys.nodeGroups(name), Keys.nodeUsers(name));
        return scripts.run(script, keys, List.of(name.getBytes(UTF_8))).thenApply(reply -> reply.number(0) == 1);
    }
}
