package dev.ssecluster.backplane;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reads the journal in pages, from its end. */
final class JournalLatestScript {

    private static final List<byte[]> KEYS = List.of(Keys.SEQ, Keys.JOURNAL);

    private final LuaScript script = new LuaScript("journal-latest.lua");
    private final Scripts scripts;
    private final BackplaneMeters meters;

    JournalLatestScript(Scripts scripts, BackplaneMeters meters) {
        this.scripts = scripts;
        this.meters = meters;
    }

    /** The page that ends below {@code before}, newest first; {@code before} is 0 for the first one. */
    CompletableFuture<JournalPage> run(long after, long before, int limit) {
        return scripts.run(script, KEYS, List.of(LuaScript.number(after), LuaScript.number(before), LuaScript.number(limit)))
                .thenApply(reply -> JournalPage.of(reply, meters));
    }
}
