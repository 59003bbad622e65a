package dev.ssecluster.backplane;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Marks a user's unread count as changing. */
final class UnreadChangeScript {

    private final LuaScript script = new LuaScript("unread-change.lua");
    private final Scripts scripts;

    UnreadChangeScript(Scripts scripts) {
        this.scripts = scripts;
    }

    CompletableFuture<?> run(String user, String mark) {
        return scripts.run(script, Keys.unread(user), List.of(mark.getBytes(US_ASCII)));
    }
}
