package dev.ssecluster.backplane;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Measures the journal. */
final class JournalDepthScript {

    private final LuaScript script = new LuaScript("journal-depth.lua");
    private final Scripts scripts;

    JournalDepthScript(Scripts scripts) {
        this.scripts = scripts;
    }

    CompletableFuture<Journal.Depth> run() {
        return scripts.run(script, List.of(Keys.SEQ, Keys.JOURNAL), List.of()).thenApply(reply ->
                new Journal.Depth(reply.number(0), Duration.of(reply.number(1), ChronoUnit.MICROS), reply.number(2)));
    }
}
