package dev.ssecluster.publish;

import dev.ssecluster.backplane.Publication;
import dev.ssecluster.body.RefusedMessage;
import dev.ssecluster.event.Trace;
import dev.ssecluster.model.Batch;
import dev.ssecluster.model.BatchMessage;
import dev.ssecluster.model.BatchResult;
import dev.ssecluster.problem.Problems;
import dev.ssecluster.problem.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sends the valid messages of a batch in one call and puts each result in its message's place. */
@Component
final class BatchSender {

    private final Sender sender;
    private final Publications publications;
    private final Traces traces;
    private final Problems problems;
    private final HttpServletRequest request; // stands for the current request

    BatchSender(Sender sender, Publications publications, Traces traces, Problems problems, HttpServletRequest request) {
        this.sender = sender;
        this.publications = publications;
        this.traces = traces;
        this.problems = problems;
        this.request = request;
    }

    /** @param key makes the keys of messages that have none */
    List<BatchResult> send(Batch batch, @Nullable String key) {
        List<Slot> slots = slots(batch.messages(), key);
        List<Publication> ready = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            if (slot instanceof Slot.Ready valid) {
                ready.add(valid.publication());
            }
        }
        Iterator<Sender.Outcome> outcomes = (ready.isEmpty() ? List.<Sender.Outcome>of() : sender.send(ready)).iterator();
        return slots.stream().map(slot -> result(slot, outcomes)).toList();
    }

    /** A key derived for a message holds a character that no caller's own key can hold. */
    private List<Slot> slots(List<? extends Batch.Entry> messages, @Nullable String key) {
        List<Slot> slots = new ArrayList<>(messages.size());
        Trace trace = traces.ofRequest();
        for (Batch.Entry message : messages) {
            slots.add(slot(message, key == null ? null : key + '\0' + slots.size(), trace));
        }
        return slots;
    }

    private Slot slot(Batch.Entry entry, @Nullable String derivedKey, @Nullable Trace trace) {
        return switch (entry) {
            case RefusedMessage refused -> new Slot.Refused(refused.reason());
            case BatchMessage message -> slot(message, derivedKey, trace);
            default -> throw new IllegalStateException("BodyConverter makes no " + entry.getClass());
        };
    }

    private Slot slot(BatchMessage message, @Nullable String derivedKey, @Nullable Trace trace) {
        String key = message.idempotencyKey() != null ? message.idempotencyKey() : derivedKey;
        try {
            return new Slot.Ready(publications.of(Publications.target(message.target()), message.content(), key, trace));
        } catch (RefusedException e) {
            return new Slot.Refused(e);
        }
    }

    private BatchResult result(Slot slot, Iterator<Sender.Outcome> outcomes) {
        return switch (slot) {
            case Slot.Refused refused -> refused(refused.reason());
            case Slot.Ready _ -> result(outcomes.next());
        };
    }

    private BatchResult result(Sender.Outcome outcome) {
        try {
            return BatchResult.of(Results.sent(outcome), outcome.isReplayed());
        } catch (RefusedException e) {
            return refused(e);
        }
    }

    private BatchResult refused(RefusedException reason) {
        return BatchResult.of(problems.of(reason, request));
    }

    /** The place of one message. */
    private sealed interface Slot {

        record Ready(Publication publication) implements Slot {}

        record Refused(RefusedException reason) implements Slot {}
    }
}
