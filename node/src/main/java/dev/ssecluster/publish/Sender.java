package dev.ssecluster.publish;

import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.backplane.Publication;
import dev.ssecluster.backplane.PublishResult;
import dev.ssecluster.backplane.PublishResult.Accepted;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.message.JournaledEvent;
import dev.ssecluster.message.MessageWriter;
import dev.ssecluster.message.Written;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import static java.util.concurrent.TimeUnit.SECONDS;

/**
 * Publishes messages, and writes those that are to be stored into the database before it answers. A repeated send makes sure of its
 * row in the same way: nothing changes when it is there. Thread-safe; blocks in bounded time.
 */
@Component
final class Sender {

    private final Backplane backplane;
    private final MessageWriter writer;
    private final EventClock clock;
    private final Published published;

    Sender(Backplane backplane, MessageWriter writer, EventClock clock, Published published) {
        this.backplane = backplane;
        this.writer = writer;
        this.clock = clock;
        this.published = published;
    }

    /**
     * What became of one message.
     *
     * @param written null: it was not accepted, or there was nothing to be stored
     */
    record Outcome(Publication publication, PublishResult result, @Nullable Written written) {

        boolean isReplayed() {
            return result instanceof Accepted accepted && accepted.replayed();
        }

        boolean isJournaled() {
            return written == Written.JOURNALED;
        }
    }

    /** One outcome for each message, in their order. */
    List<Outcome> send(List<Publication> publications) {
        List<PublishResult> results = backplane.publish(publications).join();
        List<Underway> underway = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            underway.add(underway(publications.get(i), results.get(i)));
        }
        Iterator<CompletableFuture<Written>> written = write(underway);
        return underway.stream().map(each -> each.outcome(written)).peek(published::add).toList();
    }

    private Underway underway(Publication publication, PublishResult result) {
        boolean isToBeStored = publication.persisted() && result instanceof Accepted accepted && !isOver(publication, accepted);
        return new Underway(publication, result, isToBeStored);
    }

    /** Whether this repeats what has expired meanwhile: its row may have been deleted already, and shall not come back. */
    private boolean isOver(Publication publication, Accepted accepted) {
        return accepted.replayed() && expiry(publication, accepted) <= clock.micros();
    }

    private Iterator<CompletableFuture<Written>> write(List<Underway> underway) {
        List<JournaledEvent> events =
                underway.stream().filter(Underway::isToBeStored).map(Underway::event).toList();
        return events.isEmpty() ? Collections.emptyIterator() : writer.write(events).iterator();
    }

    /** Microseconds by Redis' clock, as publish.lua writes it into the frame; 0: never. */
    static long expiry(Publication publication, Accepted accepted) {
        return publication.ttlSeconds() == 0 ? 0 : accepted.time() + SECONDS.toMicros(publication.ttlSeconds());
    }

    /** A message on its way. */
    private record Underway(Publication publication, PublishResult result, boolean isToBeStored) {

        JournaledEvent event() {
            Accepted accepted = (Accepted) result;
            return new JournaledEvent(
                    new Event(accepted.id(), publication.target(), publication.priority(), true,
                            expiry(publication, accepted), publication.type(), publication.data()),
                    accepted.epoch(),
                    accepted.replayed());
        }

        Outcome outcome(Iterator<CompletableFuture<Written>> written) {
            if (isToBeStored) {
                return new Outcome(publication, result, written.next().join());
            }
            return new Outcome(publication, result, null);
        }
    }
}
