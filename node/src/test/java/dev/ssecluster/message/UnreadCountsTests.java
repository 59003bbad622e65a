package dev.ssecluster.message;

import dev.ssecluster.backplane.UnreadCache.Lookup.Cached;
import dev.ssecluster.backplane.UnreadCache.Lookup.Missing;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.store.MessageStore.Unread;
import dev.ssecluster.test.MemoryStore;
import dev.ssecluster.test.MemoryUnreadCache;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UnreadCountsTests {

    private static final long NOW = 1_000;

    private final MemoryStore store = new MemoryStore();
    private final MemoryUnreadCache cache = new MemoryUnreadCache();
    private final UnreadCounts counts = new UnreadCounts(cache, store, new Now(() -> NOW));

    @Test
    void whenTheCountIsNotKnownThenItIsCountedAndKept() {
        store(Events.toUser("u", 1), Events.of(Target.user("u"), 2, Priority.HIGH, 2_000),
                Events.of(Target.user("u"), 3, Priority.NORMAL, 900), Events.toUser("U", 4));
        assertThat(counts.count("u")).isEqualTo(new Unread(2, 2_000));
        assertThat(cache.kept("u")).isEqualTo(new Cached(2, 2_000));
    }

    @Test
    void whenTheCountIsKeptThenTheDatabaseIsNotAsked() {
        store(Events.toUser("u", 1));
        assertThat(counts.count("u").count()).isEqualTo(1);
        store.goAway();
        assertThat(counts.count("u")).isEqualTo(new Unread(1, 0));
    }

    @Test
    void whenSomethingIsChangingThenItIsCountedAndNotKept() {
        store(Events.toUser("u", 1));
        assertThat(cache.change("u")).isCompleted();
        assertThat(counts.count("u").count()).isEqualTo(1);
        assertThat(cache.kept("u")).isNull();
    }

    @Test
    void whenRedisIsAwayThenTheDatabaseIsAsked() {
        store(Events.toUser("u", 1));
        cache.goAway();
        assertThat(counts.count("u").count()).isEqualTo(1);
    }

    @Test
    void whenMessagesAreReadThenNobodyKeepsACountMeanwhileAndTheNodesAreTold() {
        store(Events.toUser("u", 1));
        assertThat(counts.count("u").count()).isEqualTo(1);
        int changed = counts.change("u", () -> {
            assertThat(cache.isMarked("u")).isTrue();
            assertThat(counts.count("u").count()).isEqualTo(1); // somebody counts before the commit
            assertThat(cache.kept("u")).isNull();
            assertThat(cache.notices()).isZero();
            return store.markRead("u", List.of("1"));
        });
        assertThat(changed).isEqualTo(1);
        assertThat(cache.notices()).isEqualTo(1);
        assertThat(counts.count("u").count()).isZero();
        assertThat(cache.kept("u")).isEqualTo(new Cached(0, 0));
    }

    @Test
    void whenACountWasBegunBeforeAReadThenItIsNotKeptAfterIt() {
        store(Events.toUser("u", 1));
        var lease = ((Missing) cache.look("u").join()).lease();
        assertThat(counts.change("u", () -> store.markRead("u", List.of("1")))).isEqualTo(1);
        assertThat(cache.store("u", lease, 1, 0)).isCompleted();
        assertThat(counts.count("u").count()).isZero();
    }

    /** It may be committed all the same, and nobody would know. */
    @Test
    void whenTheDatabaseFailsDuringAReadThenNobodyKeepsACount() {
        store(Events.toUser("u", 1));
        store.goAway();
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> counts.change("u", () -> store.markRead("u", List.of("1"))));
        assertThat(cache.isMarked("u")).isTrue();
    }

    @Test
    void whenRedisIsAwayThenNothingIsMarkedAsRead() {
        store(Events.toUser("u", 1));
        cache.goAway();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> counts.change("u", () -> store.markRead("u", List.of("1"))));
        assertThat(store.unread("u", NOW).count()).isEqualTo(1);
    }

    @Test
    void whenRedisGoesAfterTheCommitThenTheMessagesAreReadAllTheSame() {
        store(Events.toUser("u", 1));
        int changed = counts.change("u", () -> {
            cache.goAway();
            return store.markRead("u", List.of("1"));
        });
        assertThat(changed).isEqualTo(1);
        assertThat(cache.isMarked("u")).isTrue();
    }

    @Test
    void whenTheTimeIsNotKnownYetThenNothingIsCounted() {
        UnreadCounts early = new UnreadCounts(cache, store, new Now(() -> 0));
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> early.count("u"));
    }

    private void store(Event... events) {
        assertThat(store.store(List.of(events))).hasSize(events.length);
    }
}
