package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Puts an event aside that the database refuses. */
final class JournalBuryScript {

    /** Dead letters that are kept, about. */
    private static final int MOST = 10_000;

    private final LuaScript script = new LuaScript("journal-bury.lua");
    private final Scripts scripts;

    JournalBuryScript(Scripts scripts) {
        this.scripts = scripts;
    }

    CompletableFuture<?> run(Event event, String reason) {
        byte[] channel = Keys.channel(event.target());
        List<byte[]> args = List.of(LuaScript.number(MOST), channel, Frame.encode(event), reason.getBytes(UTF_8));
        return scripts.run(script, List.of(Keys.DEAD), args);
    }
}
