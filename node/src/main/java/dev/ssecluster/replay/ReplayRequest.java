package dev.ssecluster.replay;

import dev.ssecluster.event.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client that opens a stream has already.
 *
 * @param targets what the stream listens to; the first {@code owners} of them are its user and its explicitly given client id
 * @param cursor what it resumes after, as it sent it; null at its first connect
 * @param backlog whether a stream without a usable cursor begins at its owners' positions, instead of now
 */
public record ReplayRequest(List<Target> targets, int owners, @Nullable String cursor, boolean backlog) {

    List<Target> ownerTargets() {
        return targets.subList(0, owners);
    }
}
