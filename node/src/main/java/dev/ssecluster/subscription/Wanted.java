package dev.ssecluster.subscription;

import dev.ssecluster.event.Target;
import dev.ssecluster.store.SubscriptionStore.Subscription;
import dev.ssecluster.stream.Stream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one stream should follow, and what it does.
 *
 * @param joins the groups that it should have joined, with the types of the events that it should get
 * @param named the groups that it names itself: it gets all of their events, whatever is subscribed
 * @param since of all the groups that it should get events of for its user's subscriptions
 * @param isAll whether these are all of the user's subscriptions
 */
record Wanted(Stream stream, Map<String, Set<String>> joins, Set<String> named, Map<Target, Long> since, boolean isAll) {

    /** Of enabled subscriptions: one that the user made counts only if the stream may follow the group. */
    static Wanted of(Stream stream, List<Subscription> enabled) {
        Set<String> named = named(stream);
        Map<String, Set<String>> joins = new LinkedHashMap<>();
        Map<Target, Long> since = new LinkedHashMap<>();
        for (Subscription each : enabled) {
            if (!each.isSelfMade() || named.contains(each.group()) || stream.mayFollow(each.group())) {
                since.put(Target.group(each.group()), each.since());
                if (!named.contains(each.group())) {
                    joins.put(each.group(), each.types());
                }
            }
        }
        return new Wanted(stream, joins, named, since, since.size() == enabled.size());
    }

    private static Set<String> named(Stream stream) {
        Set<String> named = stream.targets().stream().filter(target -> target.kind() == Target.Kind.GROUP).map(Target::name)
                .collect(Collectors.toCollection(HashSet::new));
        named.removeAll(stream.joined());
        return named;
    }

    /** What the stream has joined and should not. */
    List<Target> surplus() {
        return stream.joined().stream().filter(group -> !joins.containsKey(group)).map(Target::group).toList();
    }

    /** What the stream has not joined and should. */
    List<Target> missing() {
        Set<String> joined = stream.joined();
        return joins.keySet().stream().filter(group -> !joined.contains(group)).map(Target::group).toList();
    }
}
