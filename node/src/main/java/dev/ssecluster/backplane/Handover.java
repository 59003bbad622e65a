package dev.ssecluster.backplane;

import dev.ssecluster.event.EventSink;
import dev.ssecluster.event.ResetReason;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands frames to the {@link EventSink} in the order in which Redis sent them, over one connection after the other.
 *
 * <p>A new connection's frames are held back until all channels are subscribed there and the fence H was read. L, the last id
 * handed over, proves everything before it. When H is L, nothing was issued meanwhile and nothing missed; otherwise the sink is
 * told of the gap first.
 *
 * <p>Connections have different event loops. The lock (this) makes them one: no frame of an old connection comes after one of
 * its successor. It is free of contention otherwise.
 */
final class Handover {

    /** Frames held back at most. */
    private static final int MOST_HELD = 100_000;

    private final EventSink sink;
    private final HighestId highest;
    private final Supplier<Collection<Target>> channels;
    private final BackplaneMeters meters;
    private @Nullable Inbound open;
    private long last;
    private boolean isFirst = true;

    Handover(EventSink sink, HighestId highest, Supplier<Collection<Target>> channels, BackplaneMeters meters) {
        this.sink = sink;
        this.highest = highest;
        this.channels = channels;
        this.meters = meters;
    }

    /** One connection's frames. */
    static final class Inbound {

        private @Nullable List<Held> held = new ArrayList<>();
        private boolean hasOverflowed;
        private volatile long probeHeard;

        /** The number of the last probe heard on this connection; 0 before the first. */
        long probeHeard() {
            return probeHeard;
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Held(Source source, byte[] frame) {}

    /** Begins a new connection and ends the one before. */
    synchronized Inbound open() {
        Inbound inbound = new Inbound();
        open = inbound;
        return inbound;
    }

    /** Nothing that still comes from there is handed over. */
    synchronized void close(Inbound inbound) {
        if (open == inbound) {
            open = null;
        }
    }

    /** A frame has come. Event loop. */
    synchronized void receive(Inbound inbound, Source source, byte[] frame) {
        if (inbound != open) {
            return;
        }
        if (inbound.held == null) {
            deliver(inbound, source, frame, 0);
        } else {
            inbound.held.add(new Held(source, frame));
            boundHeld(inbound, inbound.held);
        }
    }

    /** All channels are subscribed there, and {@code fence} is the highest id that was issued at a moment since then. */
    synchronized void settle(Inbound inbound, long fence) {
        if (inbound != open || inbound.held == null) {
            return;
        }
        if (inbound.hasOverflowed || (!isFirst && fence != last)) {
            gap();
        }
        isFirst = false;
        highest.saw(fence);
        deliverHeld(inbound, inbound.held);
        inbound.held = null;
    }

    private void gap() {
        sink.onGap(ResetReason.HISTORY_LOST, channels.get());
    }

    /** Too many to hold: the gap is certain, so it is told now, and again at the end, since channels may still be missing. */
    private void boundHeld(Inbound inbound, List<Held> held) {
        if (held.size() >= MOST_HELD) {
            inbound.hasOverflowed = true;
            gap();
            deliverHeld(inbound, held);
            held.clear();
        }
    }

    private void deliverHeld(Inbound inbound, List<Held> held) {
        long after = last;
        held.forEach(each -> deliver(inbound, each.source(), each.frame(), after));
    }

    private void deliver(Inbound inbound, Source source, byte[] frame, long after) {
        switch (source) {
            case Channel channel -> deliver(Frame.decode(channel.target, frame), inbound, after);
            case Source.Node _ -> deliver(Frame.decodeProbe(frame), inbound, after);
            case Source.Unknown _ -> meters.unknownChannel.increment();
        }
    }

    private void deliver(Frame frame, Inbound inbound, long after) {
        switch (frame) {
            case Frame.Delivery(var event) when event.id() > after -> {
                last = event.id();
                highest.saw(last);
                sink.onEvent(event);
            }
            case Frame.Delivery _ -> {} // came over the old connection already
            case Frame.Probe(long id, long number) -> {
                inbound.probeHeard = number;
                last = Math.max(last, id);
                highest.saw(id);
                sink.onProbe(id);
            }
            case Frame.UnreadChanged(String user) -> sink.onUnreadChanged(user);
            case Frame.Skipped.UNKNOWN_VERSION -> meters.unknownVersion.increment();
            case Frame.Skipped.MALFORMED -> meters.malformed.increment();
        }
    }
}
