package dev.ssecluster.backplane;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Makes the Redis process at the other end the one whose data is trusted, and learns its epoch. */
final class AdoptScript {

    private static final byte[][] KEYS = {Keys.EPOCH, Keys.SEQ, Keys.BORN, Keys.UNMARKED};
    private static final byte[] NOT_ASKED = {};

    private final LuaScript script = new LuaScript("adopt.lua");
    private final HighestStored stored;

    AdoptScript(HighestStored stored) {
        this.stored = stored;
    }

    /**
     * What a connection is used with.
     *
     * @param epoch Redis' run id
     * @param seq the last id issued, microseconds
     * @param now Redis' time, microseconds
     */
    record Adopted(String epoch, long seq, long now) {}

    /** The database is asked only when Redis may have lost ids: connecting again does not depend on it. */
    CompletionStage<Adopted> run(RedisAsyncCommands<byte[], byte[]> redis, long highestSeen) {
        byte[] seen = LuaScript.number(highestSeen);
        return script.run(redis, KEYS, seen, NOT_ASKED)
                .thenCompose(answer -> answer.isEmpty() ? runAsked(redis, seen) : CompletableFuture.completedFuture(answer))
                .thenApply(AdoptScript::adopted);
    }

    private CompletionStage<List<Object>> runAsked(RedisAsyncCommands<byte[], byte[]> redis, byte[] seen) {
        return stored.ask().thenCompose(highest -> script.run(redis, KEYS, seen, LuaScript.number(highest)));
    }

    private static Adopted adopted(List<Object> answer) {
        return new Adopted(new String((byte[]) answer.get(0), US_ASCII), (Long) answer.get(1), (Long) answer.get(2));
    }
}
