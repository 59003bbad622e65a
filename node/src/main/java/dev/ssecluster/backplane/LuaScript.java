package dev.ssecluster.backplane;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A script that is a resource file of this package and answers an array. */
final class LuaScript {

    private final byte[] source;
    private final String digest;

    LuaScript(String resource) {
        this.source = read(resource);
        this.digest = Base16.digest(source);
    }

    /** Runs the script once. A Redis that does not know it has run nothing, so sending it whole then is no second run. */
    CompletionStage<List<Object>> run(RedisAsyncCommands<byte[], byte[]> redis, byte[][] keys, byte[]... args) {
        CompletableFuture<List<Object>> first =
                redis.<List<Object>>evalsha(digest, ScriptOutputType.MULTI, keys, args).toCompletableFuture();
        return first.exceptionallyCompose(failure -> isUnknownScript(failure)
                ? redis.<List<Object>>eval(source, ScriptOutputType.MULTI, keys, args)
                : CompletableFuture.failedFuture(failure));
    }

    static byte[] number(long value) {
        return Long.toString(value).getBytes(UTF_8);
    }

    static byte[] micros(Duration duration) {
        return number(TimeUnit.MILLISECONDS.toMicros(duration.toMillis()));
    }

    static byte[] flag(boolean value) {
        return number(value ? 1 : 0);
    }

    /** What really happened, without the wrapping that comes with dependent stages. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static boolean isUnknownScript(Throwable failure) {
        return cause(failure) instanceof RedisNoScriptException;
    }

    private static byte[] read(String resource) {
        try (InputStream in = LuaScript.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("The class path lacks the script " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
