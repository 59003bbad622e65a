package dev.ssecluster.proof;

import dev.ssecluster.event.Target;
import dev.ssecluster.test.Database;
import dev.ssecluster.test.Delivery;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Message;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.ResumingClient;
import dev.ssecluster.test.Sender;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A node is asked to stop: what it has begun it finishes, in time. */
@Tag("proof")
class StoppedNodeIT {

    private static final Duration LIMIT = Duration.ofSeconds(8); // streams 5 s at most, and a busy machine

    private final Random random = Seed.random();
    private final RedisServer redis = TestServices.newRedis();
    private final Database database = TestServices.database();
    private final Cluster cluster = Cluster.start(2, redis, database);
    private final Audience audience = new Audience(random, 10, 3);
    private final Ledger ledger = new Ledger();
    private final AtomicInteger numbers = new AtomicInteger();

    @AfterEach
    void stop() {
        audience.close();
        cluster.close();
        redis.close();
    }

    private void send(IntSupplier ports, boolean persist) {
        new Sender(ledger, ports).send(new Message(numbers.getAndIncrement(), audience.target(), random.nextInt(3), persist, 0, 0));
    }

    @Test
    void whenANodeStopsUnderLoadThenItIsQuickAndNoSendIsLeftInDoubt() throws Exception {
        audience.gather(60, () -> cluster.anyPort(random));
        TestNode stopping = cluster.node(1);
        int port = stopping.port();
        try (Load load = Load.start(8, Duration.ZERO, () -> send(() -> port, random.nextBoolean()))) {
            load.goOn(Duration.ofSeconds(1));
            long start = System.nanoTime();
            stopping.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
        }
        assertThat(ledger.lines(line -> line.status() >= 500)).as("the backplane outlives the requests").isEmpty();
        assertThat(Rows.of(ledger, database).missing(ledger.stored())).isEmpty();
        Subject.awaitExactly(Delivery.complete(ledger), audience.subjects());
    }

    @Test
    void whenANodeStopsThenWhatItsStreamsServedIsRemembered() {
        String user = audience.user(0);
        Sender sender = new Sender(ledger, cluster.node(1)::port);
        TestNode stopping = cluster.node(1);
        int[] port = {stopping.port()};
        try (ResumingClient client = ResumingClient.open(() -> port[0], "/stream?user_id=" + user)) {
            await().until(client::isConnected);
            long id = sender.send(Message.of(0, Target.user(user), true)).id();
            await().until(() -> client.events().size() == 1);
            port[0] = cluster.node(0).port();
            stopping.close();
            assertThat(database.number("select normal from app_sse_position where owner_type = 'user' and owner_id = ?", user))
                    .isGreaterThanOrEqualTo(id);
        }
    }
}
