package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import dev.ssecluster.event.Trace;
import dev.ssecluster.model.Priority;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to the backplane, valid and encoded.
 *
 * @param data the JSON value as UTF-8 without insignificant white space; not copied
 * @param persisted whether it goes into the journal, for the database
 * @param ttlSeconds how long it may be delivered; 0: as long as it is kept
 * @param trace what its publisher follows it by, or null
 */
@SuppressWarnings("ArrayRecordComponent")
public record Publication(
        Target target,
        String type,
        Priority priority,
        byte[] data,
        boolean persisted,
        long ttlSeconds,
        @Nullable IdempotencyKey idempotencyKey,
        @Nullable Trace trace) {

    /** One that nobody follows. */
    public Publication(
            Target target,
            String type,
            Priority priority,
            byte[] data,
            boolean persisted,
            long ttlSeconds,
            @Nullable IdempotencyKey idempotencyKey) {
        this(target, type, priority, data, persisted, ttlSeconds, idempotencyKey, null);
    }

    /**
     * Makes a repeated send harmless.
     *
     * @param key hash of the caller and its key
     * @param body hash of what is sent; another body under the same key is refused
     */
    public record IdempotencyKey(String key, String body) {}
}
