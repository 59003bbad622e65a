package dev.ssecluster.stream;

import dev.ssecluster.event.Target;
import java.util.List;
import java.util.function.Predicate;

/**
 * Who a stream is, what it listens to and how it wants it.
 *
 * @param targets whose events it receives, without duplicates
 * @param owners how many of the targets, from the first on, are the stream's owners: its user, its explicitly given client id
 * @param envelope whether {@code data} is an envelope around the publisher's value
 * @param heartbeatEvents whether heartbeats are events that a script can see, instead of comments
 * @param unread whether it is told the number of its user's unread messages; its first target is that user then
 * @param connectionId 16 hexadecimal digits, another one for each stream
 * @param sinceMicros now, in microseconds since the epoch
 * @param expiresNanos when the client's permission ends, as {@link System#nanoTime}; {@link #NEVER}: it does not
 * @param mayFollow whether the stream may follow a group; kept as long as the stream, so most should share one
 */
public record StreamOptions(
        List<Target> targets,
        int owners,
        boolean envelope,
        boolean heartbeatEvents,
        boolean unread,
        String connectionId,
        long sinceMicros,
        long expiresNanos,
        Predicate<String> mayFollow) {

    /** The permission does not end. */
    public static final long NEVER = Long.MAX_VALUE;

    public StreamOptions {
        targets = List.copyOf(targets);
    }
}
