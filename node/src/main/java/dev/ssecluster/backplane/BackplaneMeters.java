package dev.ssecluster.backplane;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What the backplane counts. */
final class BackplaneMeters {

    /** Frames that were skipped, by {@code reason}: unknown-version, malformed, unknown-channel. */
    static final String SKIPPED = "sse.backplane.frames.skipped";

    /** Messages in one call to Redis; its count is the number of calls. */
    static final String BATCH = "sse.backplane.publish.batch";

    /** Connections lost or given up, by {@code connection}: commands, pubsub. */
    static final String REPLACED = "sse.backplane.connection.replaced";

    /** 1 while the backplane works, else 0. */
    static final String READY = "sse.backplane.ready";

    /** Channels in the table of this node. */
    static final String CHANNELS = "sse.backplane.channels";

    /** Pages read with events in them, by {@code source}: history. */
    static final String READS = "sse.replay.reads";

    /** Holes that a lost connection left and that were filled, by {@code result}: complete, gap, failed. */
    static final String REPAIR = "sse.backplane.repair";

    /** Requests to the other nodes and the time until it was over, by {@code result}: complete, incomplete, failed. */
    static final String ASK = "sse.backplane.ask";

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
    private final MeterRegistry registry;

    BackplaneMeters(MeterRegistry registry) {
        this.registry = registry;
        this.unknownVersion = registry.counter(SKIPPED, "reason", "unknown-version");
        this.malformed = registry.counter(SKIPPED, "reason", "malformed");
        this.unknownChannel = registry.counter(SKIPPED, "reason", "unknown-channel");
        this.commandsReplaced = registry.counter(REPLACED, "connection", "commands");
        this.pubSubReplaced = registry.counter(REPLACED, "connection", "pubsub");
        this.batch = registry.summary(BATCH);
        this.historyReads = registry.counter(READS, "source", "history");
        this.repairedWholly = registry.timer(REPAIR, "result", "complete");
        this.repairedWithGap = registry.timer(REPAIR, "result", "gap");
        this.askedAll = registry.timer(ASK, "result", "complete");
        this.askedSome = registry.timer(ASK, "result", "incomplete");
        this.askFailed = registry.timer(ASK, "result", "failed");
        this.repairFailed = registry.timer(REPAIR, "result", "failed");
    }

    /** For what came of a request; null: nothing did. */
    Timer asked(@Nullable Answers answers) {
        if (answers == null) {
            return askFailed;
        }
        return answers.areComplete() ? askedAll : askedSome;
    }

    void observe(BooleanSupplier ready, IntSupplier channels) {
        Gauge.builder(READY, () -> ready.getAsBoolean() ? 1 : 0).register(registry);
        Gauge.builder(CHANNELS, channels::getAsInt).register(registry);
    }
}
