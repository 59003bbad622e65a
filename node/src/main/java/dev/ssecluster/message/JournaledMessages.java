package dev.ssecluster.message;

import dev.ssecluster.backplane.Journal;
import dev.ssecluster.backplane.Journal.Contents;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.store.MessageStore;
import dev.ssecluster.store.StoredMessage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Messages that are accepted, but not in the database yet. Who lists messages reads these first and the database after them: a
 * message goes from here to there, so it is found in one of both. Thread-safe; every call blocks.
 */
@Component
final class JournaledMessages {

    private final Journal journal;
    private final MessageStore store;
    private final StoreCalls calls;

    JournaledMessages(Journal journal, MessageStore store, StoreCalls calls) {
        this.journal = journal;
        this.store = store;
        this.calls = calls;
    }

    /**
     * What the journal had.
     *
     * @param fence messages with a higher id may be in the database while lower ones are not, because these came later; empty when
     *     the journal could not be read
     */
    record Found(List<StoredMessage> messages, OptionalLong fence) {

        static final Found NOTHING = new Found(List.of(), OptionalLong.empty());
    }

    /**
     * The user's messages above {@code after} that match and were not in the database, oldest first; none while the journal cannot be
     * read.
     *
     * @throws StoreUnavailableException when the database is away: who lists needs it, too, and the journal is long then
     */
    Found find(String user, long after, Predicate<Event> matching) {
        calls.requireThere();
        return read(after)
                .map(found -> new Found(notStored(to(user, found).filter(matching).toList()), OptionalLong.of(found.fence())))
                .orElse(Found.NOTHING);
    }

    /**
     * In place of the fence while the journal cannot be read: an id below all that may be in it.
     *
     * @throws dev.ssecluster.problem.RefusedException when Redis is away and this node has never seen the journal
     */
    long settled() {
        return BackplaneAnswers.required(journal.settled());
    }

    /** Empty while Redis is away, and when the journal is too long. */
    private Optional<Contents> read(long after) {
        try {
            return BackplaneAnswers.ifThere(journal.read(after));
        } catch (StoreUnavailableException e) {
            return Optional.empty();
        }
    }

    /**
     * Stores those of the user's messages above {@code after} that match, before something is done to their rows. They stay in the
     * journal until their own node or the recovery removes them.
     *
     * @throws dev.ssecluster.problem.RefusedException while Redis is away
     * @throws StoreUnavailableException when the database is away, or the journal is too long to be read
     */
    void store(String user, long after, Predicate<Event> matching) {
        calls.requireThere();
        Contents contents = BackplaneAnswers.required(journal.read(after));
        List<Event> events = to(user, contents).filter(matching).toList();
        if (!events.isEmpty()) {
            var _ = store.store(events); // what is refused is found by those who remove it
        }
    }

    private static Stream<Event> to(String user, Contents contents) {
        Target target = Target.user(user);
        return contents.events().stream().filter(event -> event.target().equals(target));
    }

    /** An entry may outlive its commit for a while, and then the row knows more. */
    private List<StoredMessage> notStored(List<Event> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        Collection<String> stored = store.existing(events.stream().map(JournaledMessages::eventId).collect(Collectors.toSet()));
        return events.stream().filter(event -> !stored.contains(eventId(event))).map(JournaledMessages::message).toList();
    }

    private static StoredMessage message(Event event) {
        return new StoredMessage(event, eventId(event), 0, instant(event.id()), expiry(event));
    }

    private static @Nullable Instant expiry(Event event) {
        return event.expiresAt() == 0 ? null : instant(event.expiresAt());
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static String eventId(Event event) {
        return Long.toString(event.id());
    }
}
