package dev.ssecluster.replay;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.event.StoreUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for what others answer, on the virtual thread of a request or a replay. */
public final class Wait {

    private static final long LIMIT_SECONDS = 10; // what is asked has shorter limits of its own

    private Wait() {}

    /** Throws {@link BackplaneUnavailableException} or {@link StoreUnavailableException} when that is why there is no answer. */
    public static <T> T until(CompletableFuture<T> answer) {
        try {
            return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw new BackplaneUnavailableException("No answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackplaneUnavailableException("Interrupted");
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case StoreUnavailableException e -> new StoreUnavailableException(String.valueOf(e.getMessage()), e);
            case BackplaneUnavailableException e -> e;
            case null, default -> new IllegalStateException(cause);
        };
    }
}
