package dev.ssecluster.proof;

import dev.ssecluster.test.Database;
import dev.ssecluster.test.Delivery;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Ledger.Line;
import dev.ssecluster.test.Message;
import dev.ssecluster.test.NodeProcess;
import dev.ssecluster.test.RedisConsole;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.Sender;
import dev.ssecluster.test.TestServices;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A node dies at any instruction, with sends under way. */
@Tag("proof")
@Execution(ExecutionMode.CONCURRENT)
class KilledNodeIT {

    private static final int NODES = 3;
    private static final int ROUNDS = 20;
    private static final int IN_FLIGHT = 200;

    private final Random random = Seed.random();
    private final RedisServer redis = TestServices.newRedis();
    private final RedisConsole console = new RedisConsole(redis);
    private final Database database = TestServices.emptyDatabase();
    private final Audience audience = new Audience(random, 10, 3);
    private final Ledger ledger = new Ledger();
    private final NodeProcess[] nodes = new NodeProcess[NODES];
    private final AtomicIntegerArray ports = new AtomicIntegerArray(NODES);

    private void launch(int index) {
        nodes[index] = NodeProcess.launch(TestServices.properties(redis, database), Cluster.QUICK.toArray(String[]::new));
        ports.set(index, nodes[index].port());
    }

    private int anyPort() {
        return ports.get(random.nextInt(NODES)); // also of one that is dead, as a load balancer does for a moment
    }

    @AfterEach
    void stop() {
        audience.close();
        for (NodeProcess node : nodes) {
            node.close();
        }
        console.close();
        redis.close();
    }

    @Test
    void whenANodeIsKilledWhilePersistedSendsAreInFlightThenWhatItAcknowledgedIsStoredOnceAndDelivered() throws Exception {
        for (int i = 0; i < NODES; i++) {
            launch(i);
        }
        nodes[0].awaitReady();
        audience.gather(12, () -> this::anyPort);
        for (int round = 0; round < ROUNDS; round++) {
            List<Line> answered = killWhileSending(nodes[round % NODES].awaitReady(), round * IN_FLIGHT);
            assertThat(Rows.of(ledger, database).missing(answered)).as("answered 200, round %d", round).isEmpty();
            launch(round % NODES);
        }
        assertThat(ledger.accepted()).as("rounds that killed too early prove nothing").hasSizeGreaterThan(ROUNDS * IN_FLIGHT / 4);
        assertThat(ledger.accepted()).hasSizeLessThan(ROUNDS * IN_FLIGHT);
        await().atMost(40, TimeUnit.SECONDS).until(() -> console.journalLength() == 0);
        assertThat(Rows.of(ledger, database).missing(ledger.accepted())).isEmpty();
        assertThat(console.deadLetters()).isZero();
        Subject.awaitExactly(Delivery.complete(ledger), audience.subjects());
        assertThatWhatWasDeliveredIsStored();
    }

    /** Answers what this round was told to be stored. */
    private List<Line> killWhileSending(NodeProcess victim, int first) throws InterruptedException {
        Sender sender = new Sender(ledger, victim::port);
        CountDownLatch answers = new CountDownLatch(random.nextInt(IN_FLIGHT));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < IN_FLIGHT; i++) {
                Message message = new Message(first + i, audience.target(), random.nextInt(3), true, 0, 0);
                threads.execute(() -> {
                    sender.send(message);
                    answers.countDown();
                });
            }
            assertThat(answers.await(20, TimeUnit.SECONDS)).isTrue();
            victim.kill();
        }
        return ledger.lines(line -> line.isStored() && line.message().number() >= first);
    }

    /** Also of those whose sender never heard of it. */
    private void assertThatWhatWasDeliveredIsStored() {
        Rows rows = Rows.all(database);
        assertThat(audience.subjects().stream().flatMap(subject -> subject.client().events().stream())
                .filter(event -> !rows.contains(event.id(), Message.numberIn(event.event().data())))).isEmpty();
    }
}
