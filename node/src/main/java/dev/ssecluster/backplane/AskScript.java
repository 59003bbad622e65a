package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Publishes a request to all nodes that have a target's channel. */
final class AskScript {

    private static final long TOO_LATE = -1;

    private final LuaScript script = new LuaScript("ask.lua");
    private final Scripts scripts;

    AskScript(Scripts scripts) {
        this.scripts = scripts;
    }

    /**
     * Completes with the number of nodes that were asked; exceptionally with {@link BackplaneUnavailableException}.
     *
     * @param rest of the frame, from behind the id on
     * @param deadline after which nobody is asked, microseconds of Redis' time
     */
    CompletableFuture<Integer> run(Target target, byte[] rest, long deadline) {
        return scripts.run(script, List.of(Keys.SEQ), List.of(LuaScript.number(deadline), Keys.channel(target), rest))
                .thenApply(reply -> asked(reply.number(0)));
    }

    private static int asked(long nodes) {
        if (nodes == TOO_LATE) {
            throw new BackplaneUnavailableException("Redis was too late");
        }
        return Math.toIntExact(nodes);
    }
}
