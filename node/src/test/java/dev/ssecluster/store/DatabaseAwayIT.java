package dev.ssecluster.store;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.event.Target;
import dev.ssecluster.store.PositionStore.Served;
import dev.ssecluster.test.DatabaseServer;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static dev.ssecluster.store.TestStore.T0;
import static dev.ssecluster.store.TestStore.event;
import static dev.ssecluster.store.TestStore.events;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Execution(ExecutionMode.CONCURRENT)
class DatabaseAwayIT {

    private static final Target ANNA = Target.user("anna");

    private final DatabaseServer server = TestServices.newDatabase();
    private final TestStore store = TestStore.on(server.database());

    @AfterEach
    void close() {
        store.close();
        server.close();
    }

    @Test
    void whenTheDatabaseIsGoneThenEveryCallSaysSoSoonAndWorksAgainWhenItIsBack() {
        store.storeAll(events(T0, 3, ANNA));
        server.kill();
        assertEveryCallFailsWithin(Duration.ofSeconds(4));
        server.restart();
        await().atMost(10, SECONDS).ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                .until(() -> store.messages.store(events(T0, 5, ANNA)).stream().allMatch(StoreOutcome.STORED::equals));
        assertThat(store.messages.unread("anna", T0).count()).isEqualTo(5);
    }

    @Test
    void whenTheDatabaseIsPausedThenEveryCallEndsSoonAndWorksAgainWhenItGoesOn() {
        store.storeAll(events(T0, 3, ANNA));
        server.pause();
        assertEveryCallFailsWithin(Duration.ofSeconds(12)); // over TLS, which MySQL 9 uses, 10 s
        server.resume();
        await().atMost(10, SECONDS).ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                .until(() -> store.messages.store(events(T0, 5, ANNA)).stream().allMatch(StoreOutcome.STORED::equals));
        assertThat(store.number("SELECT COUNT(*) FROM app_sse_message")).isEqualTo(5);
    }

    @Test
    void whenATableIsMissingThenTheStoreIsUnavailable() {
        store.jdbc.execute("RENAME TABLE app_sse_message TO gone");
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> store.messages.store(events(T0, 1, ANNA)));
        store.jdbc.execute("RENAME TABLE gone TO app_sse_message");
        store.storeAll(events(T0, 1, ANNA));
    }

    @Test
    void whenTheDatabaseMayOnlyBeReadThenNothingIsRefusedForGood() {
        store.jdbc.execute("LOCK TABLES app_sse_message READ"); // on one connection of the pool, which goes back to it
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> {
            for (int i = 0; i < 20; i++) {
                store.messages.store(List.of(event(T0 + i, ANNA)));
            }
        });
    }

    /** All at once, since each of them takes its time. */
    private void assertEveryCallFailsWithin(Duration limit) {
        List<EventRange> ranges = List.of(new EventRange(ANNA, 0, 9));
        Stream<Callable<?>> calls = Stream.of(
                () -> store.messages.store(events(T0, 5, ANNA)),
                () -> store.messages.read(ranges),
                () -> store.messages.read(0, T0, 9),
                () -> store.messages.highestId(),
                () -> store.messages.idOf("evt_1"),
                () -> store.messages.pending("anna", null, T0, 9),
                () -> store.messages.inbox("anna", null, null, T0, 9),
                () -> store.messages.markRead("anna", List.of("1")),
                () -> store.messages.markReadUpTo("anna", Cursor.at(1)),
                () -> store.messages.unread("anna", T0),
                () -> store.messages.existing(List.of("1")),
                () -> store.positions.starts(List.of(ANNA), T0),
                this::raise);
        long begin = System.nanoTime();
        List<CompletableFuture<?>> results = calls.<CompletableFuture<?>>map(DatabaseAwayIT::start).toList();
        assertThat(results).allSatisfy(result -> assertThat(result).failsWithin(limit).withThrowableThat()
                .withCauseInstanceOf(StoreUnavailableException.class));
        System.out.println("all failed within " + Duration.ofNanos(System.nanoTime() - begin));
    }

    private boolean raise() {
        store.positions.raise(List.of(new Served(ANNA, Cursor.at(1), Cursor.at(2), 1)));
        return true;
    }

    private static CompletableFuture<?> start(Callable<?> call) {
        CompletableFuture<Object> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
