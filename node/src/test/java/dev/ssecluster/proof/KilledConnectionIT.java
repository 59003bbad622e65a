package dev.ssecluster.proof;

import dev.ssecluster.test.Database;
import dev.ssecluster.test.Delivery;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Message;
import dev.ssecluster.test.RedisConsole;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.Sender;
import dev.ssecluster.test.TcpProxy;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/** The nodes' connections for events are killed again and again under load, also while they are being repaired. */
@Tag("proof")
@Execution(ExecutionMode.CONCURRENT)
class KilledConnectionIT {

    private static final int KILLS = 50;
    private static final int NEEDED = 500; // sends

    private final Random random = Seed.random();
    private final RedisServer redis = TestServices.newRedis();
    private final Database database = TestServices.emptyDatabase();
    private final RedisConsole console = new RedisConsole(redis);
    private final TcpProxy proxy = TcpProxy.to(database.port());
    private final Audience audience = new Audience(random, 30, 5);
    private final Ledger ledger = new Ledger();
    private final AtomicInteger numbers = new AtomicInteger();

    @AfterEach
    void stop() {
        audience.close();
        console.close();
        redis.close();
        proxy.close();
    }

    @Test
    void whenConnectionsAreKilledUnderLoadThenStreamsStayOpenAndMissNothing() throws Exception {
        prove(Duration.ZERO, Delivery::complete);
    }

    @Test
    void whenTheDatabaseIsSlowBesidesThenTheSame() throws Exception {
        prove(Duration.ofMillis(150), Delivery::complete);
    }

    @Test
    void whenHistoryDoesNotCoverTheGapThenThePersistedComeFromJournalAndDatabase() throws Exception {
        prove(Duration.ofMillis(50), Delivery::withResets, "sse.history.max-length=2");
    }

    private void prove(Duration delay, Function<Ledger, Delivery> delivery, String... settings) throws Exception {
        Database slow = database.through(proxy.port());
        try (Cluster cluster = Cluster.start(2, redis, slow, settings)) {
            audience.gather(60, () -> cluster.anyPort(random));
            proxy.delay(delay);
            killUnderLoad(new Sender(ledger, cluster.anyPort(random)));
            cluster.awaitReady();
            Subject.awaitExactly(delivery.apply(ledger), audience.subjects());
            Subject.assertNeverClosed(audience.subjects());
        }
        assertThat(ledger.accepted()).hasSizeGreaterThan(NEEDED);
    }

    private void killUnderLoad(Sender sender) throws InterruptedException {
        try (Load load = Load.start(12, Duration.ofMillis(5), () -> send(sender))) {
            // A slow database takes fewer, so more connections are killed until there are enough to prove something.
            for (int i = 0; i < KILLS || (i < 10 * KILLS && ledger.accepted().size() <= NEEDED); i++) {
                load.goOn(Duration.ofMillis(random.nextInt(200)));
                console.killPubSub();
            }
        }
    }

    private void send(Sender sender) {
        sender.send(new Message(numbers.getAndIncrement(), audience.target(), random.nextInt(3), random.nextBoolean(), 0, 0));
    }
}
