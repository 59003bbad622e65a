package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PersistedEventsTests {

    private static final Target USER = Target.user("u");

    private final StoredInMemory stored = new StoredInMemory();

    @Test
    void whenJournalAndDatabaseAnswerThenWhatBothHaveForTheTargetsIsThere() {
        stored.rows.put(2L, event(2, USER));
        stored.rows.put(3L, event(3, Target.BROADCAST));
        var found = read(CompletableFuture.completedFuture(new Journal.Contents(List.of(event(4, USER), event(6, USER)), 6)));
        assertThat(found.isWhole()).isTrue();
        assertThat(found.events()).extracting(Event::id).containsExactlyInAnyOrder(2L, 4L);
    }

    @Test
    void whenTheDatabaseIsAwayThenItIsNotWhole() {
        stored.isAway = true;
        var found = read(CompletableFuture.completedFuture(new Journal.Contents(List.of(event(4, USER)), 6)));
        assertThat(found.isWhole()).isFalse();
        assertThat(found.events()).extracting(Event::id).containsExactly(4L);
    }

    /** Or a repair would fail again and again until the database has taken enough of the journal. */
    @Test
    void whenTheJournalIsTooLongThenItIsNotWhole() {
        var found = read(CompletableFuture.<Journal.Contents>failedFuture(new StoreUnavailableException("too long"))
                .thenApply(contents -> contents));
        assertThat(found).isEqualTo(new PersistedEvents.Found(List.of(), false));
    }

    @Test
    void whenRedisIsAwayThenItFails() {
        assertThatThrownBy(() -> read(CompletableFuture.failedFuture(new BackplaneUnavailableException("away"))))
                .hasRootCauseInstanceOf(BackplaneUnavailableException.class);
    }

    private PersistedEvents.Found read(CompletableFuture<Journal.Contents> journal) {
        return TestNode.get(new PersistedEvents(_ -> journal, stored).read(1, 5, Set.of(USER)));
    }

    private static Event event(long id, Target target) {
        return new Event(id, target, Priority.NORMAL, true, 0, "note", new byte[] {'1'});
    }
}
