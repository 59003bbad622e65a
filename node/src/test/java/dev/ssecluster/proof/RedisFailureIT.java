package dev.ssecluster.proof;

import dev.ssecluster.event.Target;
import dev.ssecluster.test.Api;
import dev.ssecluster.test.Database;
import dev.ssecluster.test.Delivery;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Ledger.Line;
import dev.ssecluster.test.Message;
import dev.ssecluster.test.RedisConsole;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.Sender;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
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

/** Redis dies, stands still or cuts connections while streams are open and sends go on: no stream ends, nothing accepted is lost. */
@Tag("proof")
@Execution(ExecutionMode.CONCURRENT)
class RedisFailureIT {

    private final Random random = Seed.random();
    private final RedisServer redis = TestServices.newRedis();
    private final Database database = TestServices.emptyDatabase();
    private final Cluster cluster = Cluster.start(2, redis, database);
    private final Audience audience = new Audience(random, 500, 5);
    private final Ledger ledger = new Ledger();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Sender sender = new Sender(ledger, cluster.anyPort(random));

    @BeforeEach
    void open() {
        audience.gather(500, () -> cluster.anyPort(random));
    }

    @AfterEach
    void stop() {
        audience.close();
        cluster.close();
        redis.close();
    }

    private void send(boolean persist) {
        Target target = random.nextInt(4) == 0 ? audience.target() : audience.anyUser();
        sender.send(new Message(numbers.getAndIncrement(), target, random.nextInt(3), persist, 0, 0));
    }

    private Load sending() {
        return Load.start(4, Duration.ofMillis(10), () -> send(random.nextInt(3) > 0));
    }

    @Test
    void whenRedisIsKilledAndRestartedEmptyThenNoStreamClosesAndWhatIsPersistedArrivesOnce() throws Exception {
        try (Load load = sending()) {
            load.goOn(Duration.ofSeconds(2));
            redis.kill();
            load.goOn(Duration.ofSeconds(1));
            redis.restartEmpty();
            cluster.awaitReady();
            load.goOn(Duration.ofSeconds(2));
        }
        Subject.awaitExactly(Delivery.withResets(ledger), audience.subjects());
        Subject.assertNeverClosed(audience.subjects());
        assertThatAllIsStored();
        assertThat(ledger.accepted()).extracting(Line::id).doesNotHaveDuplicates();
        assertThat(audience.subjects()).extracting(subject -> subject.client().data("sse.reset").size()).as("resets").isSubsetOf(0, 1);
    }

    @Test
    void whenRedisStandsStillThenReadinessSaysSoAndNothingAcceptedIsLost() throws Exception {
        try (Load load = sending()) {
            load.goOn(Duration.ofSeconds(1));
            redis.pause();
            await().atMost(5, TimeUnit.SECONDS).until(() -> cluster.nodes().stream().noneMatch(node -> new Api(node.managementPort()).isUp()));
            load.goOn(Duration.ofSeconds(10));
            assertThat(cluster.nodes()).noneMatch(node -> new Api(node.managementPort()).isUp());
            redis.resume();
            await().atMost(10, TimeUnit.SECONDS).until(() -> cluster.nodes().stream().allMatch(node -> new Api(node.managementPort()).isUp()));
            load.goOn(Duration.ofSeconds(1));
        }
        Subject.awaitExactly(Delivery.complete(ledger), audience.subjects());
        Subject.assertNeverClosed(audience.subjects());
        assertThatAllIsStored();
    }

    private void assertThatAllIsStored() {
        assertThat(ledger.stored()).isNotEmpty();
        try (RedisConsole console = new RedisConsole(redis)) {
            await().atMost(20, TimeUnit.SECONDS).until(() -> console.journalLength() == 0);
        }
        assertThat(Rows.of(ledger, database)
                .missing(ledger.lines(line -> line.isAccepted() && line.message().persist()))).isEmpty();
    }
}
