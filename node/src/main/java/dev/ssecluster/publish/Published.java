package dev.ssecluster.publish;

import dev.ssecluster.backplane.Publication;
import dev.ssecluster.backplane.PublishResult.Accepted;
import dev.ssecluster.event.Target;
import dev.ssecluster.event.Trace;
import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.model.Priority;
import dev.ssecluster.publish.Sender.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/** Counts what was published, and says in the log what became of messages that their publishers follow. Thread-safe. */
@Component
final class Published {

    private static final Logger log = LoggerFactory.getLogger(Published.class);
    private static final Target.Kind[] TARGETS = Target.Kind.values();
    private static final Priority[] PRIORITIES = Priority.values();

    private final Counter[] counters = new Counter[TARGETS.length * PRIORITIES.length * 2];

    Published(MeterRegistry registry) {
        for (Target.Kind target : TARGETS) {
            for (Priority priority : PRIORITIES) {
                for (boolean persisted : new boolean[] {false, true}) {
                    counters[index(target, priority, persisted)] = counter(registry, target, priority, persisted);
                }
            }
        }
    }

    private static Counter counter(MeterRegistry registry, Target.Kind target, Priority priority, boolean persisted) {
        return Counter.builder(MeterNames.EVENTS_PUBLISHED)
                .tag(MeterNames.TARGET, target.label())
                .tag(MeterNames.PRIORITY, priority.name().toLowerCase(Locale.ROOT))
                .tag(MeterNames.PERSISTED, Boolean.toString(persisted))
                .description("Events that this node published")
                .register(registry);
    }

    private static int index(Target.Kind target, Priority priority, boolean persisted) {
        return (target.ordinal() * PRIORITIES.length + priority.ordinal()) * 2 + (persisted ? 1 : 0);
    }

    void add(Outcome outcome) {
        Publication publication = outcome.publication();
        if (outcome.result() instanceof Accepted accepted && !accepted.replayed()) {
            counters[index(publication.target().kind(), publication.priority(), publication.persisted())].increment();
        }
        if (publication.trace() != null) {
            log(outcome, publication.trace());
        }
    }

    private static void log(Outcome outcome, Trace trace) {
        try (MDC.MDCCloseable _ = trace.inLog()) {
            switch (outcome.result()) {
                case Accepted accepted -> accepted(accepted, outcome);
                default -> log.info("Did not publish a followed event: {}", outcome.result().getClass().getSimpleName());
            }
        }
    }

    private static void accepted(Accepted accepted, Outcome outcome) {
        log.atInfo()
                .addKeyValue("event.id", Long.toString(accepted.id()))
                .log("{} event {} to {} nodes{}", accepted.replayed() ? "Found the published" : "Published", accepted.id(), accepted.nodes(),
                        outcome.written() == null ? "" : ", " + outcome.written().name().toLowerCase(Locale.ROOT));
    }
}
