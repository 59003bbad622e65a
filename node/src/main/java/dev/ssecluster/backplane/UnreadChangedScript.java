package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Removes the mark that a user's unread count is changing, and tells all nodes. */
final class UnreadChangedScript {

    private final LuaScript script = new LuaScript("unread-changed.lua");
    private final byte[] unreadChanged = Frame.encodeUnreadChanged();
    private final Scripts scripts;

    UnreadChangedScript(Scripts scripts) {
        this.scripts = scripts;
    }

    CompletableFuture<?> run(String user, String mark) {
        List<byte[]> keys = new ArrayList<>();
        keys.add(Keys.SEQ);
        keys.addAll(Keys.unread(user));
        return scripts.run(
                script, keys, List.of(mark.getBytes(US_ASCII), Keys.channel(Target.user(user)), unreadChanged));
    }
}
