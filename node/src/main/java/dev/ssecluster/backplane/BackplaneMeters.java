package dev.ssecluster.backplane;

import dev.ssecluster.metric.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What the backplane counts. */
final class BackplaneMeters {

    private final Timer askedAll;
    private final Timer askedSome;
    private final Timer askFailed;
    final Counter historyReads;
    final Timer repairedWholly;
    final Timer repairedWithGap;
    final Timer repairFailed;
    final Counter unknownVersion;
    final Counter malformed;
    final Counter unknownChannel;
    final Counter commandsReplaced;
    final Counter pubSubReplaced;
    final DistributionSummary batch;
    final Counter probeUnanswered;
    final Counter probeUnheard;
    final ProbeLag lag = new ProbeLag(System::nanoTime);
    private final Timer probe;
    private final Timer historyTime;
    private final Timer journalTime;
    private final Counter historyEvents;
    private final Counter journalEvents;
    private final MeterRegistry registry;

    BackplaneMeters(MeterRegistry registry) {
        this.registry = registry;
        this.unknownVersion = registry.counter(MeterNames.BACKPLANE_FRAMES_SKIPPED, MeterNames.REASON, "unknown-version");
        this.malformed = registry.counter(MeterNames.BACKPLANE_FRAMES_SKIPPED, MeterNames.REASON, "malformed");
        this.unknownChannel = registry.counter(MeterNames.BACKPLANE_FRAMES_SKIPPED, MeterNames.REASON, "unknown-channel");
        this.commandsReplaced = registry.counter(MeterNames.BACKPLANE_CONNECTION_REPLACED, MeterNames.CONNECTION, "commands");
        this.pubSubReplaced = registry.counter(MeterNames.BACKPLANE_CONNECTION_REPLACED, MeterNames.CONNECTION, "pubsub");
        this.batch = registry.summary(MeterNames.BACKPLANE_PUBLISH_BATCH);
        this.historyReads = registry.counter(MeterNames.REPLAY_READS, MeterNames.SOURCE, "history");
        this.repairedWholly = registry.timer(MeterNames.BACKPLANE_REPAIR, MeterNames.RESULT, "complete");
        this.repairedWithGap = registry.timer(MeterNames.BACKPLANE_REPAIR, MeterNames.RESULT, "gap");
        this.askedAll = registry.timer(MeterNames.BACKPLANE_ASK, MeterNames.RESULT, "complete");
        this.askedSome = registry.timer(MeterNames.BACKPLANE_ASK, MeterNames.RESULT, "incomplete");
        this.askFailed = registry.timer(MeterNames.BACKPLANE_ASK, MeterNames.RESULT, "failed");
        this.probe = registry.timer(MeterNames.BACKPLANE_PROBE);
        this.probeUnanswered = registry.counter(MeterNames.BACKPLANE_PROBE_LOST, MeterNames.REASON, "unanswered");
        this.probeUnheard = registry.counter(MeterNames.BACKPLANE_PROBE_LOST, MeterNames.REASON, "unheard");
        this.historyTime = registry.timer(MeterNames.REPLAY_READ_TIME, MeterNames.SOURCE, "history");
        this.journalTime = registry.timer(MeterNames.REPLAY_READ_TIME, MeterNames.SOURCE, "journal");
        this.historyEvents = registry.counter(MeterNames.REPLAY_READ_EVENTS, MeterNames.SOURCE, "history");
        this.journalEvents = registry.counter(MeterNames.REPLAY_READ_EVENTS, MeterNames.SOURCE, "journal");
        this.repairFailed = registry.timer(MeterNames.BACKPLANE_REPAIR, MeterNames.RESULT, "failed");
    }

    /** The node has heard itself. */
    void heardProbe(long number) {
        long nanos = lag.heard(number);
        if (nanos >= 0) {
            probe.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** A call that has read histories, begun at that {@link System#nanoTime}. */
    void readHistory(long begun, int events) {
        historyTime.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        historyEvents.increment(events);
    }

    /** The same of the journal. */
    void readJournal(long begun, int events) {
        journalTime.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        journalEvents.increment(events);
    }

    /** For what came of a request; null: nothing did. */
    Timer asked(@Nullable Answers answers) {
        if (answers == null) {
            return askFailed;
        }
        return answers.areComplete() ? askedAll : askedSome;
    }

    void observe(BooleanSupplier ready, IntSupplier channels, int journalLimit) {
        Gauge.builder(MeterNames.BACKPLANE_READY, () -> ready.getAsBoolean() ? 1 : 0).register(registry);
        Gauge.builder(MeterNames.BACKPLANE_CHANNELS, channels::getAsInt).register(registry);
        Gauge.builder(MeterNames.BACKPLANE_LAG, lag::seconds).register(registry);
        Gauge.builder(MeterNames.JOURNAL_LIMIT, () -> journalLimit).register(registry);
    }
}
