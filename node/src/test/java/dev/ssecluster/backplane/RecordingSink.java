package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventSink;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what it was handed. */
final class RecordingSink implements EventSink {

    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<Event> events = new CopyOnWriteArrayList<>();
    final List<Long> probes = new CopyOnWriteArrayList<>();
    final List<String> unreadChanged = new CopyOnWriteArrayList<>();
    final AtomicInteger gaps = new AtomicInteger();

    /** The ids of the events that came with a trace. */
    List<Long> traced() {
        return events.stream().filter(event -> event.trace() != null).map(Event::id).toList();
    }

    @Override
    public void onEvent(Event event) {
        calls.add("event " + event.id());
        events.add(event);
    }

    @Override
    public void onProbe(long id) {
        probes.add(id);
    }

    @Override
    public void onGap(ResetReason reason, long persistedUpTo, Collection<Target> targets) {
        calls.add("gap " + reason);
        gaps.incrementAndGet();
    }

    @Override
    public void onUnreadChanged(String user) {
        calls.add("unread " + user);
        unreadChanged.add(user);
    }

    List<Long> ids() {
        return events.stream().map(Event::id).toList();
    }
}
