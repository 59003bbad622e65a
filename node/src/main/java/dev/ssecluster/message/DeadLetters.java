package dev.ssecluster.message;

import dev.ssecluster.backplane.Journal;
import dev.ssecluster.event.Event;
import dev.ssecluster.store.StoreOutcome;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Puts aside what the database refuses for good, so that the journal does not offer it for ever; loudly, because it is lost otherwise. */
@Component
final class DeadLetters {

    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

    private final Journal journal;
    private final MessageMeters meters;

    DeadLetters(Journal journal, MessageMeters meters) {
        this.journal = journal;
        this.meters = meters;
    }

    /** Completes when it is put aside, exceptionally when Redis is away; then the journal still has it, and offers it again. */
    CompletableFuture<Void> bury(Event event, StoreOutcome outcome) {
        String reason = reason(outcome);
        (outcome == StoreOutcome.CONFLICT ? meters.conflicts : meters.refused).increment();
        log.error("The database refuses event {} to {}: {}. It is kept among the dead letters in Redis (sse:{0}:dead)",
                event.id(), event.target().kind().label(), reason);
        return journal.bury(event, reason);
    }

    private static String reason(StoreOutcome outcome) {
        return outcome == StoreOutcome.CONFLICT ? "another event has its id" : "its values do not fit the table";
    }
}
