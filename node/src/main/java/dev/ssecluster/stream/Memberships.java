package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one stream: those that it named itself, for good, and groups that it joins and leaves, of which it may take only
 * some types of events. Changed by the stream's shard only; what is joined is replaced, never changed, so that any thread may read
 * it.
 */
final class Memberships {

    private static final Joined[] NONE = {};

    private final Topic[] named;
    private final int[] indexes; // this stream's place in each topic's members
    private volatile Joined[] joined = NONE;
    private boolean filtered;

    Memberships(List<Topic> named) {
        this.named = named.toArray(Topic[]::new);
        this.indexes = new int[this.named.length];
    }

    /** A group that was joined; no types: all of them. */
    static final class Joined {

        final Topic topic;
        final Set<String> types;
        private final long sinceNanos;
        private int index;

        private Joined(Topic topic, Set<String> types, int index, long sinceNanos) {
            this.topic = topic;
            this.types = types;
            this.index = index;
            this.sinceNanos = sinceNanos;
        }
    }

    List<Joined> joined() {
        return List.of(joined);
    }

    /** The groups that it has joined since then, as {@link System#nanoTime}; any thread may ask. */
    Set<Target> joinedSince(long nanos) {
        return Arrays.stream(joined).filter(each -> each.sinceNanos - nanos >= 0).map(each -> each.topic.target())
                .collect(Collectors.toUnmodifiableSet());
    }

    List<Target> targets() {
        List<Target> targets = named(named.length);
        for (Joined each : joined) {
            targets.add(each.topic.target());
        }
        return targets;
    }

    /** The first {@code count} of those that the stream named. */
    List<Target> named(int count) {
        List<Target> targets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            targets.add(named[i].target());
        }
        return targets;
    }

    /** The name of the first target of that kind that the stream named. */
    @Nullable String named(Target.Kind kind) {
        for (Topic topic : named) {
            if (topic.target().kind() == kind) {
                return topic.target().name();
            }
        }
        return null;
    }

    void enter(Stream stream, int shard) {
        for (int i = 0; i < named.length; i++) {
            indexes[i] = named[i].members(shard).add(stream);
        }
    }

    /** Leaves all topics, for the end of the stream; what they were stays known. */
    void leaveAll(int shard) {
        for (int i = 0; i < named.length; i++) {
            leave(named[i], indexes[i], shard);
        }
        for (Joined each : joined) {
            leave(each.topic, each.index, shard);
        }
    }

    private static void leave(Topic topic, int index, int shard) {
        Stream moved = topic.members(shard).remove(index);
        if (moved != null) {
            moved.memberships().movedTo(topic, index);
        }
    }

    private void movedTo(Topic topic, int index) {
        for (int i = 0; i < named.length; i++) {
            if (named[i] == topic) {
                indexes[i] = index;
                return;
            }
        }
        joined[place(topic.target())].index = index;
    }

    /** Whether the stream has become a member; of a group that it joined before, only the types change. */
    boolean join(Stream stream, Topic topic, Set<String> types, int shard) {
        if (isNamed(topic)) {
            return false;
        }
        int place = place(topic.target());
        if (place >= 0) {
            Joined[] changed = joined.clone();
            changed[place] = new Joined(topic, types, changed[place].index, changed[place].sinceNanos);
            replace(changed);
            return false;
        }
        Joined[] more = Arrays.copyOf(joined, joined.length + 1);
        more[joined.length] = new Joined(topic, types, topic.members(shard).add(stream), System.nanoTime());
        replace(more);
        return true;
    }

    /** Whether the stream had joined it. */
    boolean leave(Target group, int shard) {
        int place = place(group);
        if (place < 0) {
            return false;
        }
        Joined left = joined[place];
        List<Joined> others = new ArrayList<>(List.of(joined));
        others.remove(place);
        replace(others.isEmpty() ? NONE : others.toArray(Joined[]::new));
        leave(left.topic, left.index, shard);
        return true;
    }

    private void replace(Joined[] changed) {
        joined = changed;
        filtered = Arrays.stream(changed).anyMatch(each -> !each.types.isEmpty());
    }

    private boolean isNamed(Topic topic) {
        for (Topic each : named) {
            if (each == topic) {
                return true;
            }
        }
        return false;
    }

    private int place(Target group) {
        Joined[] all = joined;
        for (int i = 0; i < all.length; i++) {
            if (all[i].topic.target().equals(group)) {
                return i;
            }
        }
        return -1;
    }

    boolean takesEverything() {
        return !filtered;
    }

    /** Whether no filter keeps the event from the stream. */
    boolean takes(Event event) {
        if (!filtered) {
            return true; // as of nearly all: this is asked for each event and stream
        }
        for (Joined each : joined) {
            if (each.topic.target().equals(event.target())) {
                return each.types.isEmpty() || each.types.contains(event.type());
            }
        }
        return true;
    }
}
