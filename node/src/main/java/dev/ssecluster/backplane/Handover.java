package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventSink;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to the {@link EventSink} in the order of their ids, each once, over one connection after the other.
 *
 * <p>L, the last id handed over, proves everything before it. A new connection's frames are held back until {@link Repairs} has
 * handed over what is above L, up to a fence that was read when all channels were subscribed there. Streams see nothing of it.
 *
 * <p>Connections have different event loops. The lock (this) makes them one: no frame of an old connection comes after one of
 * its successor. It is free of contention otherwise.
 */
final class Handover {

    private static final long MOST_HELD_BYTES = 64_000_000;

    private final EventSink sink;
    private final HighestId highest;
    private final Requests requests;
    private final Supplier<Collection<Target>> channels;
    private final BackplaneMeters meters;
    private final long mostHeldBytes;
    private @Nullable Inbound open;
    private long last;
    private Frame.@Nullable Traced traced; // the last that came

    Handover(
            EventSink sink,
            Requests requests,
            HighestId highest,
            Supplier<Collection<Target>> channels,
            BackplaneMeters meters) {
        this(sink, requests, highest, channels, meters, MOST_HELD_BYTES);
    }

    Handover(
            EventSink sink,
            Requests requests,
            HighestId highest,
            Supplier<Collection<Target>> channels,
            BackplaneMeters meters,
            long mostHeldBytes) {
        this.sink = sink;
        this.requests = requests;
        this.highest = highest;
        this.channels = channels;
        this.meters = meters;
        this.mostHeldBytes = mostHeldBytes;
    }

    /** One connection's frames. */
    static final class Inbound {

        private @Nullable HeldFrames held;
        private volatile long probeHeard;

        Inbound(HeldFrames held) {
            this.held = held;
        }

        /** The number of the last probe heard on this connection; 0 before the first. */
        long probeHeard() {
            return probeHeard;
        }
    }

    /**
     * These targets may have missed something.
     *
     * @param persistedUpTo persisted events up to this id, too; 0: none
     */
    record Gap(ResetReason reason, long persistedUpTo, Collection<Target> targets) {}

    /** Begins a new connection and ends the one before. */
    synchronized Inbound open() {
        if (last == 0) {
            last = highest.get(); // the first one: no stream was attached before, so none has a lower fence
        }
        Inbound inbound = new Inbound(new HeldFrames(mostHeldBytes));
        open = inbound;
        return inbound;
    }

    /** Nothing that still comes from there is handed over. */
    synchronized void close(Inbound inbound) {
        if (open == inbound) {
            open = null;
        }
    }

    /** L: everything up to it was handed over. */
    synchronized long last() {
        return last;
    }

    /** A frame has come. Event loop. */
    synchronized void receive(Inbound inbound, Source source, byte[] frame) {
        if (inbound != open) {
            return;
        }
        switch (source) {
            case Channel channel -> take(Frame.decode(channel.target, frame), inbound, frame.length);
            case Source.Node _ -> take(Frame.decodeOwn(frame), inbound, frame.length);
            case Source.Unknown _ -> meters.unknownChannel.increment();
        }
    }

    /** What has been dropped because it was too much, from now on nothing is; a fence read after this finds what is missing. */
    synchronized void holdAnew(Inbound inbound) {
        if (inbound.held != null && inbound.held.hasOverflowed()) {
            inbound.held.restart();
        }
    }

    /**
     * Hands over what was missed, before anything newer. False when that connection is lost already; then nothing was.
     *
     * @param found together with what was held back these are all events above L, up to and including {@code upTo}, but those that
     *     {@code gaps} are about
     */
    synchronized boolean fill(Inbound inbound, Collection<Event> found, long upTo, Collection<Gap> gaps) {
        if (inbound != open || inbound.held == null) {
            return false;
        }
        gaps.forEach(gap -> sink.onGap(gap.reason(), gap.persistedUpTo(), gap.targets()));
        SortedMap<Long, Event> missed = new TreeMap<>();
        found.forEach(event -> missed.put(event.id(), event));
        fill(missed, inbound.held.takeUpTo(upTo));
        last = Math.max(last, upTo);
        return true;
    }

    private void fill(SortedMap<Long, Event> missed, List<Frame> held) {
        List<Frame.Asked> asked = new ArrayList<>();
        for (Frame frame : held) {
            switch (frame) {
                case Frame.Delivery(var event) -> missed.putIfAbsent(event.id(), event);
                case Frame.Asked request -> asked.add(request);
                case Frame.Traced _ -> {} // what is repaired has no trace: most of it was read from where it is kept
                default -> throw new IllegalStateException("Not kept: " + frame);
            }
        }
        for (Frame.Asked request : asked) { // at its place among the events
            deliverAll(missed.headMap(request.request().id() + 1));
            requests.asked(request);
        }
        deliverAll(missed);
    }

    /**
     * Goes live: what was held back is handed over, and then what comes, when it comes.
     *
     * @param isForced whether a gap is better than another try
     * @return false when something had to be dropped meanwhile
     */
    synchronized boolean settle(Inbound inbound, boolean isForced) {
        if (inbound != open || inbound.held == null) {
            return true;
        }
        HeldFrames held = inbound.held;
        if (held.hasOverflowed()) {
            if (!isForced) {
                return false;
            }
            sink.onGap(ResetReason.HISTORY_LOST, Math.max(last, 1), channels.get()); // nothing of the gap follows it
        }
        inbound.held = null;
        held.frames().forEach(frame -> deliver(frame, inbound));
        tellUnread();
        return true;
    }

    /** Reading a message issues no id, so whether one of those frames was missed cannot be known. */
    private void tellUnread() {
        channels.get().stream()
                .filter(target -> target.kind() == Target.Kind.USER)
                .forEach(user -> sink.onUnreadChanged(user.name()));
    }

    private void take(Frame frame, Inbound inbound, int size) {
        if (inbound.held == null || frame instanceof Frame.Skipped || frame instanceof Frame.Answered) {
            deliver(frame, inbound); // none of these has a place among the events
        } else {
            inbound.held.add(frame, size);
        }
    }

    private void deliver(Frame frame, Inbound inbound) {
        switch (frame) {
            case Frame.Delivery(var event) -> deliver(traced == null ? event : traced(event, traced));
            case Frame.Traced mark -> traced = mark;
            case Frame.Probe(long id, long number) -> probed(inbound, id, number);
            case Frame.UnreadChanged(String user) -> sink.onUnreadChanged(user);
            case Frame.Asked asked -> requests.asked(asked);
            case Frame.Answered answer -> requests.answered(answer);
            case Frame.Skipped.UNKNOWN_VERSION -> meters.unknownVersion.increment();
            case Frame.Skipped.MALFORMED -> meters.malformed.increment();
        }
    }

    /** A mark whose event does not come means no other one. */
    private Event traced(Event event, Frame.Traced mark) {
        traced = null;
        return mark.id() == event.id() ? event.tracedBy(mark.trace()) : event;
    }

    private void deliverAll(SortedMap<Long, Event> events) {
        events.values().forEach(this::deliver);
        events.clear();
    }

    private void deliver(Event event) {
        if (event.id() > last) { // otherwise it came another way already
            last = event.id();
            highest.saw(last);
            sink.onEvent(event);
        }
    }

    private void probed(Inbound inbound, long id, long number) {
        inbound.probeHeard = number;
        meters.heardProbe(number);
        if (id >= last) {
            last = id;
            highest.saw(id);
            sink.onProbe(id);
        }
    }
}
