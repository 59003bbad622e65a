package dev.ssecluster.stream;

import dev.ssecluster.event.Target;
import java.util.List;

/**
 * What a stream listens to and how it wants it.
 *
 * @param targets whose events it receives, without duplicates
 * @param owners how many of the targets, from the first on, are the stream's owners: its user, its explicitly given client id
 * @param envelope whether {@code data} is an envelope around the publisher's value
 * @param heartbeatEvents whether heartbeats are events that a script can see, instead of comments
 * @param unread whether it is told the number of its user's unread messages; its first target is that user then
 */
public record StreamOptions(List<Target> targets, int owners, boolean envelope, boolean heartbeatEvents, boolean unread) {

    public StreamOptions {
        targets = List.copyOf(targets);
    }
}
