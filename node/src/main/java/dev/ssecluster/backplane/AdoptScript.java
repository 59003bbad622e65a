package dev.ssecluster.backplane;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Makes the Redis process at the other end the one whose data is trusted, and learns its epoch. */
final class AdoptScript {

    private static final byte[][] KEYS = {Keys.EPOCH, Keys.SEQ, Keys.BORN};
    private static final byte[] STORE_UNKNOWN = LuaScript.number(0);

    private final LuaScript script = new LuaScript("adopt.lua");

    /**
     * What a connection is used with.
     *
     * @param epoch Redis' run id
     * @param seq the last id issued, microseconds
     * @param now Redis' time, microseconds
     */
    record Adopted(String epoch, long seq, long now) {}

    CompletionStage<Adopted> run(RedisAsyncCommands<byte[], byte[]> redis, long highestSeen) {
        return script.run(redis, KEYS, LuaScript.number(highestSeen), STORE_UNKNOWN).thenApply(AdoptScript::adopted);
    }

    private static Adopted adopted(List<Object> answer) {
        return new Adopted(new String((byte[]) answer.get(0), US_ASCII), (Long) answer.get(1), (Long) answer.get(2));
    }
}
