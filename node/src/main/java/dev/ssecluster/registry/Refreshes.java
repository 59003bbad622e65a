package dev.ssecluster.registry;

import dev.ssecluster.stream.StreamInfo;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

/**
 * Has the leases of all streams written again: each once in every interval, a slice every second. When Redis may have lost them, all
 * of them at once, but in slices as well, so that those who arrive meanwhile do not wait behind all.
 */
final class Refreshes {

    private static final int SLICES_AT_ONCE = 64;
    private static final long PAUSE_MILLIS = 10;
    private static final int MOST_WAITING = 2 * LeaseWriter.MOST_CHANGES;

    private final LocalStreams streams;
    private final int slices;
    private final Consumer<List<StreamInfo>> refresh;
    private final IntSupplier waiting;
    private final ScheduledExecutorService timer;
    private int slice;
    private int restored = SLICES_AT_ONCE; // slices of those that are written at once; on the timer's thread

    /**
     * @param interval in which each stream is refreshed once
     * @param waiting refreshes that have not begun
     */
    Refreshes(
            LocalStreams streams,
            Duration interval,
            Consumer<List<StreamInfo>> refresh,
            IntSupplier waiting,
            ScheduledExecutorService timer) {
        this.streams = streams;
        this.slices = Math.max(1, Math.toIntExact(interval.toSeconds()));
        this.refresh = refresh;
        this.waiting = waiting;
        this.timer = timer;
    }

    /** The next slice; to be called every second, on the timer's thread. */
    void next() {
        streams.visit(slice, slices, refresh);
        slice = (slice + 1) % slices;
    }

    /** All of them, soon. From any thread. */
    void all() {
        timer.execute(this::begin);
    }

    private void begin() {
        boolean isUnderWay = restored < SLICES_AT_ONCE;
        restored = 0;
        if (!isUnderWay) {
            restore();
        }
    }

    private void restore() {
        if (restored < SLICES_AT_ONCE) {
            if (waiting.getAsInt() < MOST_WAITING) {
                streams.visit(restored++, SLICES_AT_ONCE, refresh);
            }
            var _ = timer.schedule(this::restore, PAUSE_MILLIS, MILLISECONDS);
        }
    }
}
