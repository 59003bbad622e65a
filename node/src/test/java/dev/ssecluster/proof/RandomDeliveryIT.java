package dev.ssecluster.proof;

import dev.ssecluster.event.Target;
import dev.ssecluster.test.Database;
import dev.ssecluster.test.Delivery;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Message;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.Sender;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/** Everything at random: what is sent to whom, where, and when clients are cut off and come back to which node. */
@Tag("proof")
@Execution(ExecutionMode.CONCURRENT)
class RandomDeliveryIT {

    private static final int CLIENTS = 40;
    private static final int SENDERS = 6;

    private final Random random = Seed.random();
    private final RedisServer redis = TestServices.newRedis();
    private final Database database = TestServices.emptyDatabase();
    private final Ledger ledger = new Ledger();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Audience audience = new Audience(random, 16, 5);

    @AfterEach
    void stop() {
        audience.close();
        redis.close();
    }

    @Test
    void whenEverythingIsRandomThenEachClientReceivesExactlyWhatWasAccepted() throws Exception {
        try (Cluster cluster = Cluster.start(3, redis, database)) {
            run(cluster, 10_000);
            Subject.awaitExactly(Delivery.complete(ledger), audience.subjects());
            assertThat(Rows.of(ledger, database).missing(ledger.stored())).isEmpty();
        }
        assertThat(ledger.accepted()).hasSize(10_000);
    }

    @Test
    void whenHistoryIsTinyThenThePersistedComeFromTheDatabaseAndAResetTellsOfTheOthers() throws Exception {
        try (Cluster cluster = Cluster.start(3, redis, database, "sse.history.max-length=10")) {
            run(cluster, 3_000);
            Subject.awaitExactly(Delivery.withResets(ledger), audience.subjects());
        }
        assertThat(ledger.accepted()).hasSize(3_000);
    }

    private void run(Cluster cluster, int sends) throws Exception {
        audience.gather(CLIENTS, () -> cluster.anyPort(random));
        Sender sender = new Sender(ledger, cluster.anyPort(random));
        try (Load _ = Load.start(2, Duration.ofMillis(5), this::cut);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> sending = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                sending.add(threads.submit(() -> send(sender, sends)));
            }
            for (Future<?> each : sending) {
                each.get();
            }
        }
    }

    private void send(Sender sender, int sends) {
        for (int number = numbers.getAndIncrement(); number < sends; number = numbers.getAndIncrement()) {
            Target target = audience.target();
            int ttl = random.nextInt(10) > 0 ? 0 : random.nextBoolean() ? 1 : 3_600;
            int padding = random.nextInt(20) > 0 ? 0 : random.nextInt(3_000);
            sender.send(new Message(number, target, random.nextInt(3), random.nextBoolean(), ttl, padding));
        }
    }

    private void cut() {
        Subject subject = audience.subjects().get(random.nextInt(audience.subjects().size()));
        if (random.nextInt(3) == 0) {
            subject.client().cutAfter(1 + random.nextInt(3_000));
        } else {
            subject.client().cut(random.nextBoolean());
        }
    }
}
