package dev.ssecluster.replay;

import dev.ssecluster.event.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * A part of a replay, merged over all its sources.
 *
 * @param events all that there is up to {@code upTo}, ascending by id, each once
 */
record Page(List<Event> events, long upTo) {

    static final int EVENTS = 1_000;

    /**
     * What one source has behind a common id.
     *
     * @param upTo up to which id that is all; {@link Long#MAX_VALUE} when the source has no more
     */
    record Part(List<Event> events, long upTo) {

        /** Of a source that was asked for at most {@code limit} events and answers whole lists otherwise. */
        static Part limited(List<Event> events, int limit) {
            return new Part(events, events.size() < limit ? Long.MAX_VALUE : events.getLast().id());
        }
    }

    static Page last(long fence) {
        return new Page(List.of(), fence);
    }

    /**
     * Goes as far as every part is complete, at most up to {@code fence}.
     *
     * <p>Ids are unique in the cluster, so an equal id from two sources is the same event.
     */
    static Page merge(List<Part> parts, long fence, Predicate<Event> wanted) {
        long upTo = parts.stream().mapToLong(Part::upTo).reduce(fence, Math::min);
        List<Event> merged = new ArrayList<>();
        for (Part part : parts) {
            part.events().stream().filter(event -> event.id() <= upTo && wanted.test(event)).forEach(merged::add);
        }
        merged.sort(Comparator.comparingLong(Event::id));
        return new Page(distinct(merged), upTo);
    }

    private static List<Event> distinct(List<Event> sorted) {
        List<Event> distinct = new ArrayList<>(sorted.size());
        for (Event event : sorted) {
            if (distinct.isEmpty() || distinct.getLast().id() != event.id()) {
                distinct.add(event);
            }
        }
        return distinct;
    }

    /** This page; a source that does not advance would be asked for ever. */
    Page behind(long after) {
        if (upTo <= after) {
            throw new ReplayBrokenException("The replay does not advance");
        }
        return this;
    }

    boolean isLast(long fence) {
        return upTo >= fence;
    }
}
