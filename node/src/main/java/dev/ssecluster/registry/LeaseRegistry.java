package dev.ssecluster.registry;

import dev.ssecluster.backplane.LeaseChange;
import dev.ssecluster.backplane.Leases;
import dev.ssecluster.backplane.Leases.Grant;
import dev.ssecluster.event.Target;
import dev.ssecluster.stream.StreamInfo;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Says in which order leases are written. Every change of a stream goes through one queue, and nothing follows its departure: a
 * refresh is told only of streams that have arrived and not left, and who leaves before arriving never arrives. So nothing needs to be
 * remembered of streams that are open.
 *
 * <p>A departure that Redis did not answer is written again with {@link #retry}; until then the stream's lease counts on. Where the
 * departure is lost for good, it ends by itself.
 */
final class LeaseRegistry implements Registry {

    private static final Set<Target.Kind> BLOCKABLE = EnumSet.of(Target.Kind.USER, Target.Kind.CLIENT);

    private final Leases leases;
    private final LeaseWriter writer;
    private final Set<String> expected = new HashSet<>(); // connections that have not arrived yet; guarded by this
    private final List<LeaseChange> lost = new ArrayList<>(); // departures; guarded by this
    private int held; // guarded by this
    private final AtomicBoolean lostRefreshes = new AtomicBoolean();
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null); // departure; guarded by this

    LeaseRegistry(Leases leases, LeaseWriter writer) {
        this.leases = leases;
        this.writer = writer;
    }

    /** A stream was registered. Comes before anything else about it. */
    synchronized void expect(String connectionId) {
        expected.add(connectionId);
    }

    @Override
    public synchronized CompletableFuture<Admission> arrive(StreamInfo stream) {
        if (!expected.remove(stream.connectionId())) {
            return CompletableFuture.completedFuture(new Admission(null, 0));
        }
        held += leases(stream);
        return writer.submit(change(LeaseChange.Kind.ARRIVAL, stream)).thenApply(LeaseRegistry::admission);
    }

    /** A stream has closed. Comes once for each that was expected. */
    synchronized void left(StreamInfo stream) {
        if (!expected.remove(stream.connectionId())) {
            held -= leases(stream);
            depart(change(LeaseChange.Kind.DEPARTURE, stream));
        }
    }

    @Override
    public CompletableFuture<Void> block(Target target, Duration duration, boolean isFinal) {
        if (!BLOCKABLE.contains(target.kind()) || duration.toMillis() < 1) {
            throw new IllegalArgumentException("Cannot block " + target.kind() + " for " + duration);
        }
        return leases.block(target, duration, isFinal);
    }

    /** Writes their leases again. Anonymous streams have none. */
    synchronized void refresh(List<StreamInfo> streams) {
        for (StreamInfo stream : streams) {
            if (stream.userId() != null && !expected.contains(stream.connectionId())) {
                var _ = writer.submit(change(LeaseChange.Kind.REFRESH, stream)).exceptionally(_ -> failedRefresh());
            }
        }
    }

    /** Writes the departures that failed. */
    synchronized void retry() {
        List<LeaseChange> again = List.copyOf(lost);
        lost.clear();
        again.forEach(this::depart);
    }

    /** Whether a refresh has failed since this was asked last. Then Redis may not know of streams that are open. */
    boolean hasLostRefreshes() {
        return lostRefreshes.getAndSet(false);
    }

    /** An anonymous stream has none. */
    private static int leases(StreamInfo stream) {
        return stream.userId() == null ? 0 : 1;
    }

    /** Streams that have one: they have arrived and not left. */
    synchronized int leases() {
        return held;
    }

    /** Departures that are not written yet. */
    synchronized int failedDepartures() {
        return lost.size();
    }

    /** The end of the last departure so far, and so of all before. */
    synchronized CompletableFuture<?> settled() {
        return last;
    }

    private void depart(LeaseChange departure) {
        last = writer.submit(departure).whenComplete((_, failure) -> {
            if (failure != null) {
                keep(departure);
            }
        });
    }

    private Grant failedRefresh() {
        lostRefreshes.set(true);
        return LeaseWriter.NONE;
    }

    private synchronized void keep(LeaseChange departure) {
        lost.add(departure);
    }

    private static LeaseChange change(LeaseChange.Kind kind, StreamInfo stream) {
        String info = kind == LeaseChange.Kind.DEPARTURE ? "" : ConnectionInfo.of(stream).json();
        return new LeaseChange(kind, stream.connectionId(), stream.clientId(), stream.userId(), info);
    }

    private static Admission admission(Grant grant) {
        Block block = grant.blockMicros() == 0
                ? null
                : new Block(Duration.of(grant.blockMicros(), ChronoUnit.MICROS), grant.isFinal());
        return new Admission(block, grant.streams());
    }
}
