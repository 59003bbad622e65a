package dev.ssecluster.proof;

import dev.ssecluster.test.DatabaseServer;
import dev.ssecluster.test.Delivery;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Ledger.Line;
import dev.ssecluster.test.Message;
import dev.ssecluster.test.RedisConsole;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.Sender;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The database dies or stands still under load: delivery goes on, persisted sends are journaled and stored when it is back. */
@Tag("proof")
@Execution(ExecutionMode.CONCURRENT)
class DatabaseFailureIT {

    private static final int SENDERS = 3;
    private static final Duration GRACE = Duration.ofSeconds(3); // for a node to notice
    private static final Duration UNAFFECTED = Duration.ofSeconds(1);

    private final Random random = Seed.random();
    private final RedisServer redis = TestServices.newRedis();
    private final DatabaseServer database = TestServices.newDatabase();
    private final Cluster cluster = Cluster.start(2, redis, database.database());
    private final Audience audience = new Audience(random, 20, 5);
    private final Ledger ledger = new Ledger();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Sender sender = new Sender(ledger, cluster.anyPort(random));

    @BeforeEach
    void open() {
        audience.gather(40, () -> cluster.anyPort(random));
    }

    @AfterEach
    void stop() {
        audience.close();
        cluster.close();
        database.close();
        redis.close();
    }

    @Test
    void whenTheDatabaseIsStoppedThenPersistedSendsAreJournaledAndStoredWhenItIsBack() throws Exception {
        prove(Duration.ofSeconds(20), database::kill, database::restart);
    }

    @Test
    void whenTheDatabaseStandsStillThenTheSame() throws Exception {
        prove(Duration.ofSeconds(6), database::pause, database::resume);
    }

    private void prove(Duration time, Runnable stop, Runnable start) throws Exception {
        int away;
        int back;
        try (Load persisted = load(true); Load other = load(false)) {
            persisted.goOn(Duration.ofSeconds(1));
            stop.run();
            persisted.goOn(GRACE);
            away = numbers.get();
            persisted.goOn(time.minus(GRACE));
            back = numbers.get() - 2 * SENDERS; // of those under way some may find the database
            start.run();
            other.goOn(Duration.ofSeconds(3));
        }
        awaitStoredAtOnce();
        assertThatSendsWereAccepted(away, back);
        assertThatAllIsStored();
        Subject.awaitExactly(Delivery.complete(ledger), audience.subjects());
        Subject.assertNeverClosed(audience.subjects());
    }

    private Load load(boolean persist) {
        return Load.start(SENDERS, Duration.ofMillis(20), () -> sender.send(next(persist)));
    }

    private Message next(boolean persist) {
        return new Message(numbers.getAndIncrement(), audience.target(), random.nextInt(3), persist, 0, 0);
    }

    private void awaitStoredAtOnce() {
        await().atMost(20, TimeUnit.SECONDS).until(() -> sender.send(next(true)).status() == 200);
    }

    private void assertThatSendsWereAccepted(int from, int to) {
        assertThat(ledger.lines(line -> !line.isAccepted())).isEmpty();
        assertThat(ledger.lines(line -> !line.message().persist() && line.nanos() > UNAFFECTED.toNanos())).as("affected").isEmpty();
        List<Line> meanwhile = ledger.lines(line -> line.message().persist() && line.message().number() >= from && line.message().number() < to);
        assertThat(meanwhile).isNotEmpty().allMatch(line -> line.status() == 202)
                .as("answered at once while it is known to be away").allMatch(line -> line.nanos() < UNAFFECTED.toNanos());
    }

    private void assertThatAllIsStored() {
        try (RedisConsole console = new RedisConsole(redis)) {
            await().atMost(30, TimeUnit.SECONDS).until(() -> console.journalLength() == 0);
            assertThat(console.deadLetters()).isZero();
        }
        assertThat(Rows.of(ledger, database.database()).missing(ledger.lines(line -> line.message().persist()))).isEmpty();
    }
}
