package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventSink;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Remembers what it was handed, in order, and says whether something was missed without being told. */
final class Heard implements EventSink {

    private final List<Event> events = new ArrayList<>(); // all guarded by this
    private final Map<Target, List<Told>> gaps = new HashMap<>();
    private final Set<ResetReason> reasons = new HashSet<>();
    private long last;

    /** A gap: what follows it has an id above {@code last}. */
    record Told(long last, long persistedUpTo, long time) {}

    @Override
    public synchronized void onEvent(Event event) {
        assertThat(event.id()).isGreaterThan(last);
        last = event.id();
        events.add(event);
    }

    @Override
    public synchronized void onProbe(long id) {
        assertThat(id).isGreaterThanOrEqualTo(last);
        last = id;
    }

    @Override
    public synchronized void onGap(ResetReason reason, long persistedUpTo, Collection<Target> targets) {
        reasons.add(reason);
        targets.forEach(target -> gaps.computeIfAbsent(target, _ -> new ArrayList<>()).add(new Told(last, persistedUpTo, System.nanoTime())));
    }

    @Override
    public void onUnreadChanged(String user) {}

    synchronized long last() {
        return last;
    }

    synchronized int count() {
        return events.size();
    }

    synchronized Set<ResetReason> reasons() {
        return Set.copyOf(reasons);
    }

    synchronized List<Told> gaps() {
        return gaps.values().stream().flatMap(List::stream).toList();
    }

    synchronized List<Event> events(Target target, long after, long upTo) {
        return events.stream()
                .filter(event -> event.target().equals(target) && event.id() > after && event.id() <= upTo)
                .toList();
    }

    /** Everything accepted was heard once; or it was not persisted, and before the next one of its target the gap was told. */
    synchronized void verify(NavigableMap<Long, Traffic.Sent> accepted, Set<String> uncertain) {
        Set<Long> heard = new TreeSet<>();
        Map<Target, NavigableMap<Long, Event>> byTarget = new HashMap<>();
        for (Event event : events) {
            assertThat(heard.add(event.id())).as("%s comes once", event).isTrue();
            if (!event.persisted()) { // those come between the gap and what was missed
                byTarget.computeIfAbsent(event.target(), _ -> new TreeMap<>()).put(event.id(), event);
            }
            assertThat(accepted.containsKey(event.id()) || uncertain.contains(new String(event.data(), UTF_8))).as("%s was sent", event).isTrue();
        }
        accepted.forEach((id, sent) -> {
            if (!heard.contains(id)) {
                assertThat(sent.persisted()).as("persisted %s of %s is heard", id, sent).isFalse();
                NavigableMap<Long, Event> ofTarget = byTarget.getOrDefault(sent.target(), new TreeMap<>());
                Long before = ofTarget.lowerKey(id);
                Long next = ofTarget.higherKey(id);
                assertThat(isTold(sent, before == null ? 0 : before, next == null ? Long.MAX_VALUE : next))
                        .as("gap of %s at %s", sent, id).isTrue();
            }
        });
    }

    /**
     * Between its neighbours; or before both, but after it was accepted. That happens when history loses the missed one while it is
     * read, and has one from before it: the client is told, asks for the state, and gets an event late that this has already.
     */
    private boolean isTold(Traffic.Sent sent, long before, long next) {
        return gaps.getOrDefault(sent.target(), List.of()).stream()
                .anyMatch(gap -> gap.last < next && (before <= gap.last || gap.time > sent.time()));
    }
}
