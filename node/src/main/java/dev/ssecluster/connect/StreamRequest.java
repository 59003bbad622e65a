package dev.ssecluster.connect;

import dev.ssecluster.event.Target;
import dev.ssecluster.replay.ReplayRequest;
import dev.ssecluster.security.Caller;
import dev.ssecluster.stream.StreamOptions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A valid request for a stream.
 *
 * @param connectionId generated, 16 hexadecimal digits
 * @param clientId given or generated
 * @param hasOwnClientId whether it was given, so that messages to it wait for the next stream that gives it
 * @param userId null for an anonymous stream
 * @param groups at least one, without duplicates
 * @param unread whether it is told the number of the user's unread messages
 * @param backlog whether it begins, without a cursor, where its user's streams have come to, instead of now
 * @param cursor what the client resumes after, as it sent it; null at its first connect
 * @param caller whose rights the stream keeps as long as it is open
 */
record StreamRequest(
        String connectionId,
        String clientId,
        boolean hasOwnClientId,
        @Nullable String userId,
        List<String> groups,
        boolean envelope,
        boolean heartbeatEvents,
        boolean unread,
        boolean backlog,
        @Nullable String cursor,
        Caller caller) {

    /** How many of the targets, from the first on, own the stream: the user, and the client id if it was given. */
    int owners() {
        return (userId == null ? 0 : 1) + (hasOwnClientId ? 1 : 0);
    }

    /** Everything the stream listens to, each once; the owners first. */
    List<Target> targets() {
        Set<Target> targets = new LinkedHashSet<>();
        if (userId != null) {
            targets.add(Target.user(userId));
        }
        targets.add(Target.client(clientId));
        groups.forEach(group -> targets.add(Target.group(group)));
        targets.add(Target.BROADCAST);
        return new ArrayList<>(targets);
    }

    StreamOptions options(List<Target> targets, long sinceMicros) {
        return new StreamOptions(targets, owners(), envelope, heartbeatEvents, unread, connectionId, sinceMicros,
                caller.streamEndsNanos(), caller::mayJoin);
    }

    /** @param subscribed the groups of the user's subscriptions, and since when */
    ReplayRequest replay(List<Target> targets, Map<Target, Long> subscribed) {
        return new ReplayRequest(targets, owners(), subscribed, cursor, backlog);
    }
}
