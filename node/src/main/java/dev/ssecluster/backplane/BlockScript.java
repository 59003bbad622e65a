package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Keeps a user or client id away. */
final class BlockScript {

    private final LuaScript script = new LuaScript("block.lua");
    private final Scripts scripts;

    BlockScript(Scripts scripts) {
        this.scripts = scripts;
    }

    CompletableFuture<?> run(Target userOrClient, Duration duration, boolean isFinal) {
        return scripts.run(
                script,
                List.of(Keys.block(userOrClient), Keys.BLOCKED),
                List.of(LuaScript.number(duration.toMillis()), LuaScript.flag(isFinal)));
    }
}
