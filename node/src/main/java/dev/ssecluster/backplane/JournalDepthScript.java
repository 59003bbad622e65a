package dev.ssecluster.backplane;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Measures the journal. */
final class JournalDepthScript {

    private static final List<byte[]> KEYS = List.of(Keys.SEQ, Keys.JOURNAL);

    private final LuaScript script = new LuaScript("journal-depth.lua");
    private final Scripts scripts;

    JournalDepthScript(Scripts scripts) {
        this.scripts = scripts;
    }

    /**
     * The journal at one moment.
     *
     * @param seq the last id issued by then
     */
    record Measured(long seq, Journal.Depth depth) {}

    CompletableFuture<Measured> run() {
        return scripts.run(script, KEYS, List.of()).thenApply(reply -> new Measured(
                reply.number(0),
                new Journal.Depth(reply.number(1), Duration.of(reply.number(2), ChronoUnit.MICROS), reply.number(3))));
    }
}
