package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Leases.Grant;
import dev.ssecluster.backplane.Leases.Incarnation;
import dev.ssecluster.backplane.Leases.Written;
import dev.ssecluster.backplane.Scripts.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Writes, refreshes and removes leases. */
final class LeasesScript {

    private static final byte[] NO_USER = {};
    private static final int LATE = -1;
    private static final int GRANTS = 2; // where they begin in the answer
    private static final int VALUES = 3; // of each

    private final LuaScript script = new LuaScript("leases.lua");
    private final Scripts scripts;
    private final RedisClock clock;
    private final List<byte[]> lives;

    LeasesScript(Scripts scripts, RedisClock clock, PresenceProperties properties) {
        this.scripts = scripts;
        this.clock = clock;
        this.lives = List.of(
                LuaScript.number(properties.onlineExpire().toMillis()),
                LuaScript.number(properties.clientInfoExpire().toMillis()),
                LuaScript.micros(properties.grace()),
                LuaScript.number(properties.lastSeenExpire().toMillis()));
    }

    CompletableFuture<Written> run(Incarnation incarnation, int mostOfUser, List<LeaseChange> changes) {
        byte[] users = Keys.nodeUsers(incarnation.name());
        List<byte[]> keys = List.of(Keys.NODES, users, Keys.PRESENT, Keys.PRESENCE_DUE, Keys.BLOCKED);
        return scripts.run(script, keys, args(incarnation, mostOfUser, changes)).thenApply(LeasesScript::written);
    }

    private List<byte[]> args(Incarnation incarnation, int mostOfUser, List<LeaseChange> changes) {
        List<byte[]> args = new ArrayList<>(3 + lives.size() + 5 * changes.size());
        args.add(incarnation.name().getBytes(UTF_8));
        args.add(LuaScript.number(clock.at(System.nanoTime() + scripts.timeoutNanos())));
        args.addAll(lives);
        args.add(LuaScript.number(mostOfUser));
        for (LeaseChange change : changes) {
            args.add(change.kind().code().getBytes(UTF_8));
            args.add(change.connection().getBytes(UTF_8));
            args.add(change.client().getBytes(UTF_8));
            args.add(change.user() == null ? NO_USER : change.user().getBytes(UTF_8));
            args.add(change.info().getBytes(UTF_8));
        }
        return args;
    }

    private static Written written(Reply reply) {
        if (reply.number(0) == LATE) {
            throw new BackplaneUnavailableException("Redis read a change too late");
        }
        if (reply.number(0) == 0) {
            return new Written(false, false, List.of());
        }
        int grants = (reply.values().size() - GRANTS) / VALUES;
        return new Written(true, reply.number(1) == 1,
                IntStream.range(0, grants).mapToObj(i -> grant(reply, GRANTS + VALUES * i)).toList());
    }

    private static Grant grant(Reply reply, int at) {
        return new Grant((int) reply.number(at), reply.number(at + 1), reply.number(at + 2) == 1);
    }
}
