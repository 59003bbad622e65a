package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Leases.NodeState;
import dev.ssecluster.backplane.Leases.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Begins and renews the lease of a node. */
final class NodeRenewScript {

    private static final byte[] NONE = {};

    private final LuaScript script = new LuaScript("node-renew.lua");
    private final Scripts scripts;
    private final byte[] life;

    NodeRenewScript(Scripts scripts, Duration life) {
        this.scripts = scripts;
        this.life = LuaScript.micros(life);
    }

    CompletableFuture<Renewal> run(NodeState node) {
        String name = node.incarnation().name();
        List<byte[]> keys = List.of(Keys.NODES, Keys.NODE_INFO, Keys.nodeGroups(name), Keys.PRESENCE_SWEPT);
        return scripts.run(script, keys, args(name, node))
                .thenApply(reply -> new Renewal(reply.number(0) == 1, reply.epoch()));
    }

    private List<byte[]> args(String name, NodeState node) {
        List<byte[]> args = new ArrayList<>();
        args.add(name.getBytes(UTF_8));
        args.add(life);
        args.add(node.info().getBytes(UTF_8));
        args.add(LuaScript.flag(node.begins()));
        args.add(LuaScript.flag(node.anew()));
        args.add(node.former() == null ? NONE : node.former().name().getBytes(UTF_8));
        args.add(LuaScript.number(node.newGroups().size()));
        node.newGroups().forEach(group -> args.add(group.getBytes(UTF_8)));
        node.goneGroups().forEach(group -> args.add(group.getBytes(UTF_8)));
        return args;
    }
}
