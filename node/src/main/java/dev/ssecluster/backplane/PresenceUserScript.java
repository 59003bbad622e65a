package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Leases.Connection;
import dev.ssecluster.backplane.Leases.Incarnation;
import dev.ssecluster.backplane.Leases.UserLeases;
import dev.ssecluster.backplane.Scripts.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Reads who a user is connected as. */
final class PresenceUserScript {

    private static final byte[] MOST_CONNECTIONS = LuaScript.number(1_000);
    private static final int CONNECTIONS = 3; // where they begin in the answer
    private static final int VALUES = 4; // of each

    private final LuaScript script = new LuaScript("presence-user.lua");
    private final Scripts scripts;

    PresenceUserScript(Scripts scripts) {
        this.scripts = scripts;
    }

    CompletableFuture<UserLeases> run(String user) {
        List<byte[]> keys = List.of(Keys.NODES, Keys.online(user), Keys.seen(user), Keys.PRESENT);
        return scripts.run(script, keys, List.of(MOST_CONNECTIONS, user.getBytes(UTF_8))).thenApply(PresenceUserScript::user);
    }

    private static UserLeases user(Reply reply) {
        int connections = (reply.values().size() - CONNECTIONS) / VALUES;
        return new UserLeases(reply.number(0), reply.number(1), reply.number(2) == 1,
                IntStream.range(0, connections).mapToObj(i -> connection(reply, CONNECTIONS + VALUES * i)).toList());
    }

    private static Connection connection(Reply reply, int at) {
        String node = new Incarnation(reply.text(at + 2)).node();
        return new Connection(reply.text(at), reply.text(at + 1), node, reply.text(at + 3));
    }
}
