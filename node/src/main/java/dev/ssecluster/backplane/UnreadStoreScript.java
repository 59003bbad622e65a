package dev.ssecluster.backplane;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Keeps an unread count, if its lease is still valid. */
final class UnreadStoreScript {

    private final LuaScript script = new LuaScript("unread-store.lua");
    private final Scripts scripts;
    private final byte[] life;

    UnreadStoreScript(Scripts scripts, Duration life) {
        this.scripts = scripts;
        this.life = LuaScript.number(life.toMillis());
    }

    /** Whether it is kept. */
    CompletableFuture<Boolean> run(String user, String lease, long count, long nextExpiry) {
        List<byte[]> keys = new ArrayList<>();
        keys.add(Keys.UNMARKED);
        keys.addAll(Keys.unread(user));
        List<byte[]> args =
                List.of(lease.getBytes(US_ASCII), LuaScript.number(count), LuaScript.number(nextExpiry), life);
        return scripts.run(script, keys, args).thenApply(reply -> reply.number(0) == 1);
    }
}
