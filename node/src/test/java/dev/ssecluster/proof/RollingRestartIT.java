package dev.ssecluster.proof;

import dev.ssecluster.test.Database;
import dev.ssecluster.test.Delivery;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Message;
import dev.ssecluster.test.NodeProcess;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.ResumingClient;
import dev.ssecluster.test.Sender;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** A deploy: one node after the other is replaced under load, and nobody notices. {@code loadtest/rolling.sh} runs it with 3 000 clients. */
@Tag("proof")
@Execution(ExecutionMode.CONCURRENT)
class RollingRestartIT {

    private static final Logger log = LoggerFactory.getLogger(RollingRestartIT.class);
    private static final int NODES = 3;
    private static final int CLIENTS = Integer.getInteger("sse.proof.rolling.clients", 300);
    private static final Duration WINDOW = Duration.ofSeconds(Long.getLong("sse.proof.rolling.window", 6));
    private static final int SENDERS = 4;
    private static final Duration PAUSE = Duration.ofMillis(40); // 100 sends a second together

    private final Random random = Seed.random();
    private final RedisServer redis = TestServices.newRedis();
    private final Database database = TestServices.emptyDatabase();
    private final Audience audience = new Audience(random, CLIENTS / 2, 10);
    private final Ledger ledger = new Ledger();
    private final AtomicInteger numbers = new AtomicInteger();
    private final NodeProcess[] nodes = new NodeProcess[NODES];
    private final AtomicIntegerArray ports = new AtomicIntegerArray(NODES);
    private final AtomicInteger next = new AtomicInteger();
    private final Set<Integer> leaving = ConcurrentHashMap.newKeySet(); // nodes that the load balancer does not choose

    @AfterEach
    void stop() {
        audience.close();
        for (NodeProcess node : nodes) {
            node.close();
        }
        redis.close();
    }

    private void launch(int index) {
        nodes[index] = NodeProcess.launch(TestServices.properties(redis, database), "sse.drain.window=" + WINDOW.toSeconds() + "s",
                "sse.stream.max-streams-per-user=1000", "sse.stream.retry-min=200ms", "sse.stream.retry-max=1s", "sse.presence.grace=2s");
        ports.set(index, nodes[index].port());
    }

    /** Round robin, like a load balancer that looks at readiness. */
    private int nextPort() {
        int index = next.getAndIncrement() % NODES;
        while (leaving.contains(index)) {
            index = next.getAndIncrement() % NODES;
        }
        return ports.get(index);
    }

    @Test
    void whenNodesAreReplacedOneAfterTheOtherThenNothingIsLostOrDoubledAndClientsComeBackBitByBit() throws Exception {
        for (int i = 0; i < NODES; i++) {
            launch(i);
        }
        Arrays.asList(nodes).forEach(NodeProcess::awaitReady);
        audience.gather(CLIENTS, () -> this::nextPort);
        try (Load load = Load.start(SENDERS, PAUSE, this::send)) {
            load.goOn(Duration.ofSeconds(1));
            for (int i = 0; i < NODES; i++) {
                replace(i);
            }
            load.goOn(Duration.ofSeconds(1));
        }
        assertThat(ledger.lines(line -> line.status() != 200)).as("sends that were not answered 200").isEmpty();
        Subject.awaitExactly(Delivery.complete(ledger), audience.subjects());
        int most = mostReconnectsInASecond();
        log.info("{} clients, {} messages: at most {} reconnects in a second", CLIENTS, ledger.accepted().size(), most);
        assertThat(most).isLessThanOrEqualTo(CLIENTS / 3);
    }

    private void send() {
        new Sender(ledger, this::nextPort)
                .send(new Message(numbers.getAndIncrement(), audience.target(), random.nextInt(3), random.nextInt(4) == 0, 0, 0));
    }

    private void replace(int index) {
        leaving.add(index);
        long start = System.nanoTime();
        nodes[index].terminate();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("time to stop").isLessThan(WINDOW.plusSeconds(5));
        launch(index);
        nodes[index].awaitReady();
        leaving.remove(index);
    }

    private int mostReconnectsInASecond() {
        List<Long> times = new ArrayList<>(audience.subjects().stream().map(Subject::client)
                .flatMap(client -> reconnects(client).stream()).sorted().toList());
        assertThat(times).hasSizeGreaterThanOrEqualTo(CLIENTS / 2);
        int most = 0;
        for (int from = 0, to = 0; to < times.size(); to++) {
            while (times.get(to) - times.get(from) > 1_000_000) {
                from++;
            }
            most = Math.max(most, to - from + 1);
        }
        return most;
    }

    /** When it was greeted again, microseconds. */
    private static Collection<Long> reconnects(ResumingClient client) {
        return client.received().stream()
                .filter(receipt -> receipt.connection() > 1 && receipt.type().equals("connected"))
                .map(ResumingClient.Receipt::micros)
                .toList();
    }
}
