package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Reads pages of histories, with what they prove, in one step. */
final class HistoryScript {

    private static final int FIXED_KEYS = 3;
    private static final int FIXED_ARGS = 4;
    private static final int ARGS_PER_RANGE = 3;
    private static final int FIRST_FRAME = 3;

    private final LuaScript script = new LuaScript("history.lua");
    private final long window;
    private final byte[] pageBytes;
    private final byte[] callBytes;
    private final BackplaneMeters meters;

    /**
     * @param pageBytes bytes after which a page ends, about
     * @param callBytes bytes after which the ranges that are left are not read, about
     */
    HistoryScript(HistoryProperties history, long pageBytes, long callBytes, BackplaneMeters meters) {
        this.window = TimeUnit.MILLISECONDS.toMicros(history.window().toMillis());
        this.pageBytes = LuaScript.number(pageBytes);
        this.callBytes = LuaScript.number(callBytes);
        this.meters = meters;
    }

    /**
     * A page that is wanted.
     *
     * @param after only events above it, microseconds
     * @param limit events at most, at least 1
     * @param newest when the newest so many events reach down to {@code after}, all of them are answered; 0: only what was asked
     */
    record Query(Target target, long after, int limit, int newest) {}

    /**
     * What history.lua answered.
     *
     * @param now Redis' time, microseconds
     * @param seq the last id issued, microseconds; 0: refused, because the epoch is another one
     * @param born the first id since which history is trusted
     * @param windowStart what is older may have been dropped because of its age; microseconds
     * @param slices one for each query; null where the call was full before it
     */
    record Found(long now, long seq, long born, long windowStart, List<@Nullable Slice> slices) {

        boolean isRefused() {
            return seq == 0;
        }

        /** How many were read. */
        int events() {
            return slices.stream().mapToInt(slice -> slice == null ? 0 : slice.events().size()).sum();
        }
    }

    /** Runs it in that epoch; {@code decoding} turns frames into events, which may be megabytes. */
    CompletionStage<Found> run(
            RedisAsyncCommands<byte[], byte[]> redis, String epoch, List<Query> queries, Executor decoding) {
        return script.run(redis, keys(queries), args(epoch, queries))
                .thenApplyAsync(answer -> found(queries, answer), decoding);
    }

    private static byte[][] keys(List<Query> queries) {
        byte[][] keys = new byte[FIXED_KEYS + queries.size()][];
        keys[0] = Keys.EPOCH;
        keys[1] = Keys.SEQ;
        keys[2] = Keys.BORN;
        for (int i = 0; i < queries.size(); i++) {
            keys[FIXED_KEYS + i] = Keys.history(queries.get(i).target());
        }
        return keys;
    }

    private byte[][] args(String epoch, List<Query> queries) {
        byte[][] args = new byte[FIXED_ARGS + ARGS_PER_RANGE * queries.size()][];
        int a = 0;
        args[a++] = epoch.getBytes(US_ASCII);
        args[a++] = LuaScript.number(window);
        args[a++] = pageBytes;
        args[a++] = callBytes;
        for (Query query : queries) {
            args[a++] = LuaScript.number(Math.clamp(query.after(), 0, FrameLayout.MAX_ID - 1)); // a cursor may be anything
            args[a++] = LuaScript.number(query.limit());
            args[a++] = LuaScript.number(query.newest());
        }
        return args;
    }

    private Found found(List<Query> queries, List<Object> answer) {
        long now = (Long) answer.getFirst();
        if (answer.size() == 1) {
            return new Found(now, 0, 0, 0, List.of());
        }
        long seq = (Long) answer.get(1);
        long born = (Long) answer.get(2);
        List<@Nullable Slice> slices = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            slices.add(slice(queries.get(i).target(), (List<?>) answer.get(FIXED_KEYS + i)));
        }
        return new Found(now, seq, born, Math.max(now, seq) - window, slices);
    }

    private @Nullable Slice slice(Target target, List<?> page) {
        if (page.isEmpty()) {
            return null;
        }
        List<Event> events = new ArrayList<>();
        for (Object frame : page.subList(FIRST_FRAME, page.size())) {
            decode(target, (byte[]) frame, events);
        }
        if (page.size() > FIRST_FRAME) {
            meters.historyReads.increment();
        }
        return new Slice((Long) page.get(0), (Long) page.get(1), (Long) page.get(2), List.copyOf(events));
    }

    private void decode(Target target, byte[] frame, List<Event> events) {
        switch (Frame.decode(target, frame)) {
            case Frame.Delivery(var event) -> events.add(event);
            case Frame.Skipped.UNKNOWN_VERSION -> meters.unknownVersion.increment();
            default -> meters.malformed.increment();
        }
    }
}
