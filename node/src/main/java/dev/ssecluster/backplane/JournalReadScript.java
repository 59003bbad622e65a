package dev.ssecluster.backplane;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reads the journal in pages, from its beginning. */
final class JournalReadScript {

    private static final List<byte[]> KEYS = List.of(Keys.SEQ, Keys.JOURNAL);

    private final LuaScript script = new LuaScript("journal-read.lua");
    private final Scripts scripts;
    private final BackplaneMeters meters;

    JournalReadScript(Scripts scripts, BackplaneMeters meters) {
        this.scripts = scripts;
        this.meters = meters;
    }

    /** The page that begins above {@code after}, ascending. */
    CompletableFuture<JournalPage> run(long after, int limit) {
        return scripts.run(script, KEYS, List.of(LuaScript.number(after), LuaScript.number(limit)))
                .thenApply(reply -> JournalPage.of(reply, meters));
    }
}
