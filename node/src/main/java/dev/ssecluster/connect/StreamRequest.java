package dev.ssecluster.connect;

import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A valid request for a stream.
 *
 * @param clientId given or generated
 * @param userId null for an anonymous stream
 * @param groups at least one, without duplicates
 * @param cursor what the client resumes after, as it sent it; null at its first connect
 */
record StreamRequest(
        String clientId,
        @Nullable String userId,
        List<String> groups,
        boolean envelope,
        boolean heartbeatEvents,
        @Nullable String cursor) {

    /** Everything the stream listens to, each once. */
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
}
