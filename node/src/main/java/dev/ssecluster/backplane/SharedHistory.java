package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node has lately read of the histories of groups and broadcasts, so that thousands of streams which come back at once
 * need one read. A slice is true for ever: what it has was sent, and nothing is ever added below its end. So it is only
 * dropped to save memory, or because Redis has lost data, when it is of another epoch than what is read now. Thread-safe.
 */
final class SharedHistory {

    private static final long UNUSED_NANOS = Duration.ofSeconds(10).toNanos();

    private final Map<Target, Slices> targets = new LinkedHashMap<>(16, 0.75f, true); // the least recently used first
    private final long mostBytes;
    private final long mostBytesPerTarget;
    private final LongSupplier nanoTime;
    private long born;

    /** Both limits hold after {@link #bound}, about. */
    SharedHistory(long mostBytes, long mostBytesPerTarget, LongSupplier nanoTime) {
        this.mostBytes = mostBytes;
        this.mostBytesPerTarget = mostBytesPerTarget;
        this.nanoTime = nanoTime;
    }

    /** Drops what is of another epoch. */
    synchronized void isOf(long epochBorn) {
        if (epochBorn != born) {
            targets.clear();
            born = epochBorn;
        }
    }

    /** The slice that has what follows the cursor. */
    synchronized @Nullable Slice find(Target target, long cursor) {
        Slices slices = targets.get(target);
        return slices == null ? null : slices.find(cursor, nanoTime.getAsLong());
    }

    /** What has just been read. */
    synchronized void add(Target target, Slice slice) {
        targets.computeIfAbsent(target, _ -> new Slices()).add(slice, nanoTime.getAsLong());
    }

    /** Drops what nobody has used for a while, and what is too much. */
    synchronized void bound() {
        long now = nanoTime.getAsLong();
        targets.values().removeIf(slices -> now - slices.usedAt > UNUSED_NANOS);
        targets.values().forEach(slices -> slices.shrinkTo(mostBytesPerTarget));
        long bytes = bytes();
        Iterator<Slices> oldest = targets.values().iterator();
        while (bytes > mostBytes && oldest.hasNext()) {
            bytes -= oldest.next().bytes;
            oldest.remove();
        }
    }

    synchronized long bytes() {
        return targets.values().stream().mapToLong(slices -> slices.bytes).sum();
    }

    /** One target's, by where they begin; they do not overlap. */
    private static final class Slices {

        private final NavigableMap<Long, Slice> byBegin = new TreeMap<>();
        private long bytes;
        private long usedAt;

        @Nullable Slice find(long cursor, long now) {
            usedAt = now;
            Entry<Long, Slice> below = byBegin.floorEntry(cursor);
            return below != null && below.getValue().contains(cursor) ? below.getValue() : null;
        }

        void add(Slice read, long now) {
            usedAt = now;
            Slice joined = read;
            Entry<Long, Slice> below = byBegin.floorEntry(read.from());
            if (below != null && below.getValue().isContinuedBy(read)) {
                joined = below.getValue().join(read);
            }
            Entry<Long, Slice> above = byBegin.higherEntry(joined.from());
            while (above != null && joined.isContinuedBy(above.getValue())) {
                byBegin.remove(above.getKey());
                joined = joined.join(above.getValue());
                above = byBegin.higherEntry(joined.from());
            }
            byBegin.put(joined.from(), joined);
            measure();
        }

        /** Most readers are near the end. */
        void shrinkTo(long most) {
            if (bytes > most) {
                byBegin.headMap(byBegin.lastKey()).clear();
                measure();
            }
            while (bytes > most) {
                Slice newer = byBegin.pollFirstEntry().getValue().newerHalf();
                byBegin.put(newer.from(), newer);
                measure();
            }
        }

        private void measure() {
            bytes = byBegin.values().stream().mapToLong(Slice::bytes).sum();
        }
    }
}
