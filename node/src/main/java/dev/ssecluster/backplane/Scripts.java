package dev.ssecluster.backplane;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Runs scripts on the adopted connection. They all have the epoch as their first key and the one that is expected as their first
 * argument, and answer nothing when it is another one; then Redis is adopted again, and the script runs once more. Thread-safe.
 */
final class Scripts {

    private final CommandLink commands;
    private final long timeoutMillis;

    Scripts(CommandLink commands, Duration timeout) {
        this.commands = commands;
        this.timeoutMillis = timeout.toMillis();
    }

    /**
     * What a script answered, never empty.
     *
     * @param epoch in which it ran
     */
    record Reply(List<Object> values, String epoch) {

        boolean isRefused() {
            return values.isEmpty();
        }

        long number(int index) {
            return (Long) values.get(index);
        }

        byte[] bytes(int index) {
            return (byte[]) values.get(index);
        }

        String text(int index) {
            return new String(bytes(index), UTF_8);
        }
    }

    /** Within which every call ends. */
    long timeoutNanos() {
        return TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    /**
     * Completes within the timeout; exceptionally with {@link BackplaneUnavailableException}, and then it may have run, or still
     * run later.
     */
    CompletableFuture<Reply> run(LuaScript script, List<byte[]> keys, List<byte[]> args) {
        Session session = commands.session();
        if (session == null) {
            return CompletableFuture.failedFuture(new BackplaneUnavailableException("Redis is away"));
        }
        return run(session, script, keys, args)
                .thenCompose(reply -> reply.isRefused() ? runAgain(session, script, keys, args) : completed(reply))
                .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .exceptionallyCompose(Scripts::unavailable);
    }

    private CompletableFuture<Reply> runAgain(Session refused, LuaScript script, List<byte[]> keys, List<byte[]> args) {
        return commands.readopt(refused)
                .thenCompose(session -> run(session, script, keys, args))
                .thenCompose(reply -> reply.isRefused()
                        ? CompletableFuture.failedFuture(new BackplaneUnavailableException("The epoch changes"))
                        : completed(reply));
    }

    private static CompletableFuture<Reply> run(Session session, LuaScript script, List<byte[]> keys, List<byte[]> args) {
        byte[] epoch = session.epoch().getBytes(US_ASCII);
        return script.run(session.redis(), with(Keys.EPOCH, keys), with(epoch, args))
                .thenApply(values -> new Reply(values, session.epoch()))
                .toCompletableFuture();
    }

    private static byte[][] with(byte[] first, List<byte[]> rest) {
        byte[][] all = new byte[1 + rest.size()][];
        Arrays.setAll(all, i -> i == 0 ? first : rest.get(i - 1));
        return all;
    }

    private static CompletableFuture<Reply> completed(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    private static CompletableFuture<Reply> unavailable(Throwable failure) {
        Throwable cause = LuaScript.cause(failure);
        return CompletableFuture.failedFuture(cause instanceof BackplaneUnavailableException
                ? cause
                : new BackplaneUnavailableException("Redis did not answer: " + cause));
    }
}
