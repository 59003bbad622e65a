package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Leases.Incarnation;
import dev.ssecluster.backplane.Leases.Node;
import dev.ssecluster.backplane.Leases.Nodes;
import dev.ssecluster.backplane.Scripts.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Reads which nodes there are. */
final class NodesScript {

    private static final List<byte[]> KEYS = List.of(Keys.NODES, Keys.NODE_INFO, Keys.PRESENT);

    /** A few milliseconds of Redis' time. */
    private static final byte[] MOST_GROUPS = LuaScript.number(20_000);

    private static final int NODES = 3; // where they begin in the answer

    private final LuaScript script = new LuaScript("nodes.lua");
    private final Scripts scripts;

    NodesScript(Scripts scripts) {
        this.scripts = scripts;
    }

    CompletableFuture<Nodes> run() {
        return scripts.run(script, KEYS, List.of(MOST_GROUPS)).thenApply(NodesScript::nodes);
    }

    private static Nodes nodes(Reply reply) {
        int nodes = (reply.values().size() - NODES) / 2;
        return new Nodes(reply.number(0), reply.number(1), reply.number(2),
                IntStream.range(0, nodes).mapToObj(i -> node(reply, NODES + 2 * i)).toList());
    }

    private static Node node(Reply reply, int at) {
        return new Node(new Incarnation(reply.text(at)).node(), reply.text(at + 1));
    }
}
