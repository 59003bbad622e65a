package dev.ssecluster.replay;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client that opens a stream has already.
 *
 * @param targets what the stream listens to by itself; the first {@code owners} of them are its user and its explicitly given client id
 * @param subscribed the groups that the stream's user has subscribed to, also those that are among the targets, and since when: only
 *     events with higher ids are replayed. The user is the first owner then
 * @param cursor what it resumes after, as it sent it; null at its first connect
 * @param backlog whether a stream without a usable cursor begins at its owners' positions, instead of now
 */
public record ReplayRequest(
        List<Target> targets, int owners, Map<Target, Long> subscribed, @Nullable String cursor, boolean backlog) {

    List<Target> ownerTargets() {
        return targets.subList(0, owners);
    }

    /** What follows {@code after} of everything the stream receives. */
    List<EventRange> ranges(long after) {
        return allTargets().stream().map(target -> new EventRange(target, Math.max(after, floor(target)), Page.EVENTS)).toList();
    }

    /** Where each target's replay starts when the client has what the cursor says. */
    Map<Target, Cursor> starts(Cursor cursor) {
        Map<Target, Cursor> starts = new LinkedHashMap<>();
        allTargets().forEach(target -> starts.put(target, cursor.raisedTo(floor(target))));
        return starts;
    }

    private List<Target> allTargets() {
        List<Target> all = new ArrayList<>(targets);
        subscribed.keySet().stream().filter(group -> !targets.contains(group)).forEach(all::add);
        return all;
    }

    /** A group that the stream names itself was listened to before it was subscribed. */
    private long floor(Target target) {
        return targets.contains(target) ? 0 : subscribed.getOrDefault(target, 0L);
    }
}
