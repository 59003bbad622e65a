package dev.ssecluster.proof;

import dev.ssecluster.event.Target;
import dev.ssecluster.test.Database;
import dev.ssecluster.test.Delivery;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Message;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.ResumingClient;
import dev.ssecluster.test.Sender;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A resumed stream is cut after every single byte of its beginning, and resumed with what a parser has by then. */
@Tag("proof")
@Execution(ExecutionMode.CONCURRENT)
class EveryByteIT {

    private static final int BYTES = 4_096;
    private static final int AT_ONCE = 12;
    private static final int EVENTS = 60;

    private final Random random = Seed.random();
    private final Audience audience = new Audience(random, 1, 1);
    private final RedisServer redis = TestServices.newRedis();
    private final Database database = TestServices.emptyDatabase();
    private final Cluster cluster = Cluster.start(2, redis, database, "sse.stream.retry-min=1ms", "sse.stream.retry-max=3ms");
    private final Ledger ledger = new Ledger();
    private final Set<Target> targets = Set.of(Target.user(audience.user(0)), Target.BROADCAST);
    private final String path = "/stream?user_id=" + audience.user(0);
    private String cursor = "";

    @BeforeEach
    void sendWhileAway() {
        try (ResumingClient before = open("")) {
            await().until(before::isConnected);
            cursor = before.lastEventId();
        }
        Sender sender = new Sender(ledger, cluster.anyPort(random));
        for (int number = 0; number < EVENTS; number++) {
            Target target = number % 7 == 0 ? Target.BROADCAST : Target.user(audience.user(0));
            sender.send(new Message(number, target, random.nextInt(3), random.nextBoolean(), 0, 0));
        }
        assertThat(ledger.accepted()).hasSize(EVENTS);
    }

    @AfterEach
    void stop() {
        cluster.close();
        redis.close();
    }

    private ResumingClient open(String lastEventId) {
        return ResumingClient.resume(cluster.anyPort(random), path, lastEventId);
    }

    @Test
    void whenCutAfterAnyByteThenNothingIsLostOrRepeated() throws Exception {
        try (ResumingClient whole = open(cursor)) {
            Subject.awaitExactly(Delivery.complete(ledger), List.of(new Subject("whole", whole, targets)));
            assertThat(whole.lengthOfLast()).isGreaterThan(BYTES);
            assertThat(whole.data("connected")).singleElement().asString().contains("\"resumed\":true,\"replay\":\"complete\"");
        }
        ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> work = IntStream.range(0, AT_ONCE).mapToObj(i -> threads.submit(() -> cutFrom(next, faults))).toList();
            for (Future<?> each : work) {
                each.get();
            }
        }
        assertThat(faults).isEmpty();
    }

    private void cutFrom(AtomicInteger next, ConcurrentLinkedQueue<String> faults) {
        for (int bytes = next.incrementAndGet(); bytes <= BYTES && faults.size() < 10; bytes = next.incrementAndGet()) {
            try (ResumingClient client = ResumingClient.resumeAndCut(cluster.anyPort(random), path, cursor, bytes)) {
                faults.addAll(faults(client, bytes));
            }
        }
    }

    private List<String> faults(ResumingClient client, int bytes) {
        Delivery delivery = Delivery.complete(ledger);
        try {
            await().pollDelay(Duration.ofMillis(2)).pollInterval(Duration.ofMillis(2))
                    .until(() -> client.connections() > 1 && delivery.isDone(client, targets));
        } catch (ConditionTimeoutException e) {
            assertThat(client.isConnected()).as("cut after %d bytes", bytes).isTrue(); // the faults say what is missing
        }
        return delivery.faults(client, targets).stream().map(fault -> "cut after " + bytes + " bytes: " + fault).toList();
    }
}
