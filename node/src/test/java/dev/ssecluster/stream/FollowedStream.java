package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** A stream and what it was a member of, from when to when: what it must have and what it may have. Thread-safe. */
final class FollowedStream {

    final RandomSink sink;
    final long fence;
    private final List<Member> members = new ArrayList<>(); // guarded by this

    FollowedStream(RandomSink sink, long fence) {
        this.sink = sink;
        this.fence = fence;
    }

    /** Certainly from above one id up to another, perhaps up to a later one. */
    private record Member(Target target, Set<String> types, long after, long certainUpTo, long perhapsUpTo) {

        private boolean mayHave(Event event) {
            return event.target().equals(target) && event.id() > after && event.id() <= perhapsUpTo
                    && (types.isEmpty() || types.contains(event.type()));
        }

        private boolean mustHave(Event event) {
            return mayHave(event) && event.id() <= certainUpTo;
        }
    }

    synchronized void begins(Target target, Set<String> types, long after) {
        members.add(new Member(target, types, after, Long.MAX_VALUE, Long.MAX_VALUE));
    }

    synchronized void ends(Target target, long certain, long perhaps) {
        members.replaceAll(member -> member.target.equals(target) && member.certainUpTo == Long.MAX_VALUE
                ? new Member(target, member.types, member.after, certain, perhaps) : member);
    }

    synchronized int memberships() {
        return members.size();
    }

    private synchronized boolean mayHave(Event event) {
        return members.stream().anyMatch(member -> member.mayHave(event));
    }

    private synchronized boolean mustHave(Event event) {
        return members.stream().anyMatch(member -> member.mustHave(event));
    }

    void checkComplete(List<Event> all) {
        assertThat(sink.ids()).containsAll(all.stream().filter(this::mustHave).map(Event::id).toList());
    }

    private String describe(long id, List<Event> all) {
        return all.stream().filter(event -> event.id() == id).findFirst() + " of a stream with fence " + fence + " and " + members;
    }

    /** Of each priority, nothing but what it may have, ascending, and up to the last one all that it must have. */
    void check(List<Event> all) {
        Map<Long, Event> may = all.stream().filter(this::mayHave).collect(Collectors.toMap(Event::id, event -> event));
        assertThat(sink.ids().stream().filter(id -> !may.containsKey(id)).map(id -> describe(id, all)).toList()).isEmpty();
        for (Priority priority : Priority.values()) {
            List<Long> got = sink.ids().stream().filter(id -> Objects.requireNonNull(may.get(id)).priority() == priority).toList();
            assertThat(got).isSorted().doesNotHaveDuplicates();
            long last = got.isEmpty() ? 0 : got.getLast();
            assertThat(got).containsAll(may.values().stream().filter(event -> event.priority() == priority && event.id() <= last)
                    .filter(this::mustHave).map(Event::id).toList());
        }
    }
}
