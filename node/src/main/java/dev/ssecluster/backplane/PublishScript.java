package dev.ssecluster.backplane;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Publishes messages in one atomic step. */
final class PublishScript {

    private static final Duration IDEMPOTENCY_LIFE = Duration.ofMinutes(10);
    private static final byte[] NO_BODY = {};
    private static final int FIXED_KEYS = 2;
    private static final int FIXED_ARGS = 5;
    private static final int ARGS_PER_MESSAGE = 4;

    private final LuaScript script = new LuaScript("publish.lua");
    private final byte[] window;
    private final byte[] maxLength;

    PublishScript(HistoryProperties history) {
        this.window = LuaScript.number(TimeUnit.MILLISECONDS.toMicros(history.window().toMillis()));
        this.maxLength = LuaScript.number(history.maxLength());
    }

    /** One message, ready to go. */
    @SuppressWarnings("ArrayRecordComponent")
    record Outgoing(byte[] channel, byte[] history, byte[] rest, byte @Nullable [] record, byte[] body) {

        static Outgoing of(Publication message) {
            Publication.IdempotencyKey key = message.idempotencyKey();
            return new Outgoing(
                    Keys.channel(message.target()),
                    Keys.history(message.target()),
                    Frame.encodeRest(message),
                    key == null ? null : Keys.idempotency(key.key()),
                    key == null ? NO_BODY : key.body().getBytes(UTF_8));
        }

        int size() {
            return rest.length + 2 * channel.length;
        }
    }

    /**
     * Publishes the messages.
     *
     * @param deadlines for each message the moment after which it is refused, microseconds of Redis' time
     */
    CompletionStage<PublishAnswer> run(
            RedisAsyncCommands<byte[], byte[]> redis, String epoch, List<Outgoing> messages, long[] deadlines) {
        return script.run(redis, keys(messages), args(epoch, messages, deadlines)).thenApply(values -> new PublishAnswer(values, epoch));
    }

    private static byte[][] keys(List<Outgoing> messages) {
        int n = messages.size();
        int records = (int) messages.stream().filter(message -> message.record() != null).count();
        byte[][] keys = new byte[FIXED_KEYS + n + records][];
        keys[0] = Keys.EPOCH;
        keys[1] = Keys.SEQ;
        int record = FIXED_KEYS + n;
        for (int i = 0; i < n; i++) {
            Outgoing message = messages.get(i);
            keys[FIXED_KEYS + i] = message.history();
            if (message.record() != null) {
                keys[record++] = message.record();
            }
        }
        return keys;
    }

    private byte[][] args(String epoch, List<Outgoing> messages, long[] deadlines) {
        byte[][] args = new byte[FIXED_ARGS + ARGS_PER_MESSAGE * messages.size()][];
        int a = 0;
        args[a++] = epoch.getBytes(US_ASCII);
        args[a++] = LuaScript.number(messages.size());
        args[a++] = window;
        args[a++] = maxLength;
        args[a++] = LuaScript.number(IDEMPOTENCY_LIFE.toMillis());
        for (int i = 0; i < messages.size(); i++) {
            Outgoing message = messages.get(i);
            args[a++] = LuaScript.number(deadlines[i]);
            args[a++] = message.channel();
            args[a++] = message.rest();
            args[a++] = message.body();
        }
        return args;
    }
}
