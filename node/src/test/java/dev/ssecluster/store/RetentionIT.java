package dev.ssecluster.store;

import dev.ssecluster.event.Target;
import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.model.Priority;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.ssecluster.store.TestStore.T0;
import static dev.ssecluster.store.TestStore.event;
import static dev.ssecluster.store.TestStore.events;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RetentionIT {

    private static final Target ANNA = Target.user("anna");
    private static final long DAY = Duration.ofDays(1).toNanos() / 1_000;

    private final TestStore store = TestStore.create();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whenMessagesHaveExpiredThenTheyAreDeletedAndTheOthersStay() {
        store.storeAll(LongStream.range(0, 2_600).mapToObj(i ->
                event(T0 + i, ANNA, Priority.NORMAL, i < 1_300 ? T0 + 9_000 : T0 + 9_000 + i)).toList());
        store.setTime(T0 + 9_000 + 2_000);
        store.retention().runOnOneNode();
        assertThat(ids()).isEqualTo(LongStream.range(T0 + 2_000, T0 + 2_600).boxed().toList());
        assertThat(deleted("expired")).isEqualTo(2_000);
        assertThat(runs("completed")).isEqualTo(1);
    }

    @Test
    void whenMessagesAreOlderThanTheRetentionThenTheyAreDeletedThoughTheyNeverExpire() {
        store.storeAll(events(T0, 700, ANNA));
        store.insertForeign(T0 + 5_000, "evt_9", "user", "anna", null, "1"); // of 2026-11-01
        store.setTime(T0 + 7 * DAY + 600);
        store.retention().runOnOneNode();
        assertThat(ids()).isEqualTo(LongStream.range(T0 + 600, T0 + 700).boxed().toList());
        assertThat(deleted("old")).isEqualTo(601);
    }

    @Test
    void whenAPredecessorsMessagesAreYoungOrExpireThenTheyStayUntilThen() {
        LongStream.range(1, 1_200).forEach(i -> store.insertForeign(i, "evt_" + i, "user", "anna", null, "1"));
        store.jdbc.update("UPDATE app_sse_message SET created_at = '2026-11-25' WHERE id < 1000");
        store.jdbc.update("UPDATE app_sse_message SET expire_at = '2027-01-01' WHERE id >= 1000 AND id < 1100");
        store.retention().runOnOneNode();
        assertThat(ids()).isEqualTo(LongStream.range(1, 1_100).boxed().toList());
    }

    @Test
    void whenTheTimeIsNotKnownThenNothingIsDeleted() {
        store.storeAll(List.of(event(T0, ANNA, Priority.NORMAL, 1)));
        store.setTime(0);
        store.retention().runOnOneNode();
        assertThat(ids()).containsExactly(T0);
        assertThat(runs("completed")).isZero();
    }

    @Test
    void whenOneNodeHasRunThenTheOthersDoNotInThisInterval() {
        try (TestStore other = store.another()) {
            store.retention().runOnOneNode();
            other.storeAll(List.of(event(T0, ANNA, Priority.NORMAL, T0 - 1)));
            other.retention().runOnOneNode();
            store.retention().runOnOneNode();
            assertThat(ids()).containsExactly(T0);
            assertThat(other.meters().get(MeterNames.RETENTION_TIME).tag("outcome", "completed").timer().count()).isZero();
        }
    }

    @Test
    void whenSendsGoOnThenTheyDoNotWaitForTheRetention() {
        store.storeAll(LongStream.range(0, 20_000).mapToObj(i -> event(T0 + i, ANNA, Priority.NORMAL, T0 + i)).toList());
        store.setTime(T0 + 20_000);
        CompletableFuture<Void> run = CompletableFuture.runAsync(() -> store.retention().runOnOneNode());
        long sent = T0 + DAY;
        long slowest = 0;
        while (!run.isDone()) {
            long begin = System.nanoTime();
            // Their expiry lies between what is deleted and the next entry of the index.
            store.storeAll(List.of(event(sent++, ANNA, Priority.NORMAL, T0 + 20_001)));
            slowest = Math.max(slowest, System.nanoTime() - begin);
        }
        run.join();
        System.out.println("sent " + (sent - T0 - DAY) + ", the slowest took " + Duration.ofNanos(slowest));
        assertThat(slowest).isLessThan(SECONDS.toNanos(2)); // a lock in the way costs 3 s
        assertThat(ids()).hasSize((int) (sent - T0 - DAY));
    }

    @Test
    void whenTheIntervalIsOverThenItRunsByItself() {
        try (TestStore other = store.another("--sse.message.cleanup-interval=1s")) {
            other.storeAll(List.of(event(T0, ANNA, Priority.NORMAL, T0 - 1)));
            await().atMost(10, SECONDS).until(() -> ids().isEmpty());
            other.storeAll(List.of(event(T0 + 1, ANNA, Priority.NORMAL, T0 - 1)));
            await().atMost(10, SECONDS).until(() -> ids().isEmpty());
        }
    }

    @Test
    void whenARunFailsThenItIsCountedAndTheNextOneSucceeds() {
        store.jdbc.execute("RENAME TABLE app_sse_message TO gone");
        store.retention().runOnOneNode();
        assertThat(runs("failed")).isEqualTo(1);
        store.jdbc.execute("RENAME TABLE gone TO app_sse_message");
        store.jdbc.update("DELETE FROM shedlock"); // as if the interval were over
        store.retention().runOnOneNode();
        assertThat(runs("completed")).isEqualTo(1);
    }

    @Test
    void whenAnErrorEndsARunThenItIsCountedAndTheNextRunComes() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Retention failing = new Retention(new Database(store.source()), new JdbcTemplateLockProvider(store.source()), () -> {
            throw new StackOverflowError();
        }, new RetentionProperties(Duration.ofDays(7), Duration.ofMinutes(10)), new StoreMeters(registry));
        failing.runOnOneNode(); // what is thrown here would end the schedule
        assertThat(registry.timer(MeterNames.RETENTION_TIME, "outcome", "failed").count()).isEqualTo(1);
    }

    private List<Long> ids() {
        return store.jdbc.query("SELECT id FROM app_sse_message ORDER BY id", (row, _) -> row.getLong(1));
    }

    private double deleted(String reason) {
        return store.meters().get(MeterNames.RETENTION_DELETED).tag("reason", reason).counter().count();
    }

    private long runs(String outcome) {
        return store.meters().get(MeterNames.RETENTION_TIME).tag("outcome", outcome).timer().count();
    }
}
