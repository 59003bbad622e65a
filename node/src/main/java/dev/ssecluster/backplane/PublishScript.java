package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/** Publishes messages in one atomic step. */
final class PublishScript {

    private static final Duration IDEMPOTENCY_LIFE = Duration.ofMinutes(10);
    private static final byte[] NO_BODY = {};
    private static final byte[] NO_TTL = {};
    private static final int FIXED_KEYS = 3;
    private static final int FIXED_ARGS = 6;
    private static final int ARGS_PER_MESSAGE = 5;

    private final LuaScript script = new LuaScript("publish.lua");
    private final byte[] window;
    private final byte[] maxLength;
    private final byte[] journalLength;

    PublishScript(HistoryProperties history, JournalProperties journal) {
        this.window = LuaScript.number(TimeUnit.MILLISECONDS.toMicros(history.window().toMillis()));
        this.maxLength = LuaScript.number(history.maxLength());
        this.journalLength = LuaScript.number(journal.journalLength());
    }

    /**
     * One message, ready to go.
     *
     * @param keys those that not every message has, in the order in which the script expects them
     * @param body hash of what is sent under an idempotency key; empty without one
     * @param ttl time to live, microseconds; empty when it does not end
     * @param trace of its {@link TraceFrame} what the sender encodes; null for one that nobody follows
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Outgoing(
            byte[] channel, byte[] history, byte[] rest, List<byte[]> keys, byte[] body, byte[] ttl, byte @Nullable [] trace) {

        static Outgoing of(Publication message) {
            Publication.IdempotencyKey key = message.idempotencyKey();
            return new Outgoing(
                    Keys.channel(message.target()),
                    Keys.history(message.target()),
                    Frame.encodeRest(message),
                    keys(message),
                    key == null ? NO_BODY : key.body().getBytes(UTF_8),
                    message.ttlSeconds() == 0 ? NO_TTL : LuaScript.number(TimeUnit.SECONDS.toMicros(message.ttlSeconds())),
                    message.trace() == null ? null : TraceFrame.encodeRest(message.trace()));
        }

        int size() {
            return rest.length + 2 * channel.length;
        }

        private static List<byte[]> keys(Publication message) {
            Publication.IdempotencyKey key = message.idempotencyKey();
            boolean changesUnread = message.persisted() && message.target().kind() == Target.Kind.USER;
            if (key == null && !changesUnread) {
                return List.of();
            }
            List<byte[]> keys = new ArrayList<>(4);
            if (key != null) {
                keys.add(Keys.idempotency(key.key()));
            }
            if (changesUnread) {
                keys.addAll(Keys.unread(message.target().name()));
            }
            return keys;
        }
    }

    /**
     * Publishes the messages.
     *
     * @param deadlines for each message the moment after which it is refused, microseconds of Redis' time
     */
    CompletionStage<PublishAnswer> run(
            RedisAsyncCommands<byte[], byte[]> redis, String epoch, List<Outgoing> messages, long[] deadlines) {
        return script.run(redis, keys(messages), args(epoch, messages, deadlines))
                .thenApply(values -> new PublishAnswer(values, epoch));
    }

    private static byte[][] keys(List<Outgoing> messages) {
        int n = messages.size();
        int more = messages.stream().mapToInt(message -> message.keys().size()).sum();
        byte[][] keys = new byte[FIXED_KEYS + n + more][];
        keys[0] = Keys.EPOCH;
        keys[1] = Keys.SEQ;
        keys[2] = Keys.JOURNAL;
        int next = FIXED_KEYS + n;
        for (int i = 0; i < n; i++) {
            keys[FIXED_KEYS + i] = messages.get(i).history();
            for (byte[] key : messages.get(i).keys()) {
                keys[next++] = key;
            }
        }
        return keys;
    }

    private byte[][] args(String epoch, List<Outgoing> messages, long[] deadlines) {
        List<byte[]> traces = messages.stream().map(Outgoing::trace).filter(Objects::nonNull).toList();
        byte[][] args = new byte[FIXED_ARGS + ARGS_PER_MESSAGE * messages.size() + traces.size()][];
        int a = 0;
        args[a++] = epoch.getBytes(US_ASCII);
        args[a++] = LuaScript.number(messages.size());
        args[a++] = window;
        args[a++] = maxLength;
        args[a++] = LuaScript.number(IDEMPOTENCY_LIFE.toMillis());
        args[a++] = journalLength;
        for (int i = 0; i < messages.size(); i++) {
            Outgoing message = messages.get(i);
            args[a++] = LuaScript.number(deadlines[i]);
            args[a++] = message.channel();
            args[a++] = message.rest();
            args[a++] = message.body();
            args[a++] = message.ttl();
        }
        for (byte[] trace : traces) {
            args[a++] = trace;
        }
        return args;
    }
}
