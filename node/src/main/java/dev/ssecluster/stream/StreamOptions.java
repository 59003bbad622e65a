package dev.ssecluster.stream;

import dev.ssecluster.event.Target;
import java.util.List;

/**
 * What a stream listens to and how it wants it.
 *
 * @param targets whose events it receives, without duplicates
 * @param envelope whether {@code data} is an envelope around the publisher's value
 * @param heartbeatEvents whether heartbeats are events that a script can see, instead of comments
 */
public record StreamOptions(List<Target> targets, boolean envelope, boolean heartbeatEvents) {

    public StreamOptions {
        targets = List.copyOf(targets);
    }
}
