package dev.ssecluster.registry;

import dev.ssecluster.event.Target;
import dev.ssecluster.stream.StreamInfo;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * This node's streams, as the whole cluster sees them. Each is a lease in Redis: it is refreshed while the stream is open, and ends
 * by itself when its node dies. Thread-safe; nothing here blocks.
 */
public interface Registry {

    /**
     * Makes a stream known to the cluster, and says what speaks against it. To be called once, after the stream is registered in its
     * shard and its channels are subscribed, so that a disconnect which comes later reaches it. Many at a time share a call to Redis.
     * When the stream closes, before or after this, the registry hears of it by itself.
     *
     * @return completes exceptionally with {@link dev.ssecluster.backplane.BackplaneUnavailableException} when Redis is away; the
     *     stream may be known then all the same, until it closes
     */
    CompletableFuture<Admission> arrive(StreamInfo stream);

    /**
     * From now on {@link #arrive} says so of streams of that user or client id; streams that are open stay. Replaces what was said
     * before.
     *
     * @param target a user or a client id
     * @param duration at least a millisecond
     * @param isFinal whether clients shall stay away, instead of coming back afterwards
     * @return completes exceptionally with {@link dev.ssecluster.backplane.BackplaneUnavailableException} when Redis is away
     */
    CompletableFuture<Void> block(Target target, Duration duration, boolean isFinal);
}
