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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The database dies or stands still under load: delivery goes on, persisted sends are journaled and stored when it is back. */
class DatabaseFailureIT {

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
    private final List<Subject> subjects = new ArrayList<>();

    @BeforeEach
    void open() {
        for (int i = 0; i < 40; i++) {
            subjects.add(audience.subject(cluster.anyPort(random)));
        }
        Subject.awaitConnected(subjects);
    }

    @AfterEach
    void stop() {
        Subject.close(subjects);
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
        long stopped;
        long started;
        try (Load persisted = load(true); Load other = load(false)) {
            persisted.goOn(Duration.ofSeconds(1));
            stopped = nowMicros();
            stop.run();
            persisted.goOn(time);
            started = nowMicros();
            start.run();
            other.goOn(Duration.ofSeconds(3));
        }
        awaitStoredAtOnce();
        assertThatSendsWereAccepted(stopped + TimeUnit.MILLISECONDS.toMicros(GRACE.toMillis()), started);
        assertThatAllIsStored();
        Subject.awaitExactly(Delivery.complete(ledger), subjects);
        Subject.assertNeverClosed(subjects);
    }

    private Load load(boolean persist) {
        return Load.start(3, Duration.ofMillis(20), () -> sender.send(next(persist)));
    }

    private Message next(boolean persist) {
        return new Message(numbers.getAndIncrement(), audience.target(), random.nextInt(3), persist, 0, 0);
    }

    /** Event ids are microseconds by Redis' clock, which is this machine's. */
    private static long nowMicros() {
        return TimeUnit.MILLISECONDS.toMicros(InstantSource.system().millis());
    }

    private void awaitStoredAtOnce() {
        await().atMost(20, TimeUnit.SECONDS).until(() -> sender.send(next(true)).status() == 200);
    }

    private void assertThatSendsWereAccepted(long from, long to) {
        assertThat(ledger.lines(line -> !line.isAccepted())).isEmpty();
        assertThat(ledger.lines(line -> !line.message().persist() && line.nanos() > UNAFFECTED.toNanos())).as("affected").isEmpty();
        List<Line> meanwhile = ledger.lines(line -> line.message().persist() && line.id() > from && line.id() < to);
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
