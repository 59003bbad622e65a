package dev.ssecluster.store;

import dev.ssecluster.event.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is stored.
 *
 * @param eventId the decimal form of the event's id, or what a predecessor of this server called it
 * @param status 0 pending, 1 sent, 2 read
 * @param expiresAt null: never
 */
public record StoredMessage(Event event, String eventId, int status, Instant createdAt, @Nullable Instant expiresAt) {}
