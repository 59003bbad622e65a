package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Sends a probe to this node's own channel. */
final class ProbeScript {

    private static final byte[][] KEYS = {Keys.EPOCH, Keys.SEQ};

    private final LuaScript script = new LuaScript("probe.lua");
    private final byte[] channel;

    ProbeScript(NodeId node) {
        this.channel = Keys.node(node);
    }

    /**
     * What became of a probe.
     *
     * @param now Redis' time, microseconds
     * @param id the last id issued, raised to the time, microseconds; 0: refused, because the epoch is another one or this Redis is
     *     no primary
     * @param receivers connections that the probe was sent to
     */
    record Probed(long now, long id, long receivers) {

        boolean isRefused() {
            return id == 0;
        }
    }

    CompletionStage<Probed> run(RedisAsyncCommands<byte[], byte[]> redis, String epoch, long number) {
        byte[] packed = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        return script.run(redis, KEYS, epoch.getBytes(US_ASCII), channel, packed).thenApply(ProbeScript::probed);
    }

    private static Probed probed(List<Object> answer) {
        long now = (Long) answer.get(0);
        return answer.size() == 1 ? new Probed(now, 0, 0) : new Probed(now, (Long) answer.get(1), (Long) answer.get(2));
    }
}
