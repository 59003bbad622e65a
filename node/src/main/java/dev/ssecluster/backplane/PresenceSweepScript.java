package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Leases.Swept;
import dev.ssecluster.backplane.Scripts.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Removes what dead nodes have left, and announces users who came or went. */
final class PresenceSweepScript {

    /** The event by which a user's coming and going is announced. */
    static final String EVENT_TYPE = "user_status";

    private static final List<byte[]> KEYS = List.of(
            Keys.SEQ, Keys.NODES, Keys.NODE_INFO, Keys.PRESENT, Keys.PRESENCE_DUE, Keys.PRESENCE_SWEPT);

    private static final int USERS = 200; // in one call, so that Redis is not blocked for long

    /** All nodes sweep every second. */
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(3);

    private final LuaScript script = new LuaScript("presence-sweep.lua");
    private final Scripts scripts;
    private final List<byte[]> args;

    PresenceSweepScript(Scripts scripts, PresenceProperties presence, Duration lease, Duration historyWindow) {
        this.scripts = scripts;
        Duration pause = lease.dividedBy(2).compareTo(LEAST_PAUSE) > 0 ? lease.dividedBy(2) : LEAST_PAUSE;
        this.args = List.of(
                LuaScript.number(USERS),
                LuaScript.micros(presence.grace()),
                LuaScript.micros(lease),
                LuaScript.micros(pause),
                LuaScript.number(presence.lastSeenExpire().toMillis()),
                LuaScript.micros(historyWindow),
                Frame.encodeHead(EVENT_TYPE));
    }

    CompletableFuture<Swept> run() {
        return scripts.run(script, KEYS, args).thenApply(PresenceSweepScript::swept);
    }

    private static Swept swept(Reply reply) {
        return new Swept((int) reply.number(0), (int) reply.number(1), (int) reply.number(2), reply.number(3) == 1);
    }
}
